"""Whoever is asked whether a prompt is decent."""
