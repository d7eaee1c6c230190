"""The thin edges: chat platforms, providers, media."""
