"""Clips: bringing them here, looking into them."""
