"""Lambda on a laptop."""
