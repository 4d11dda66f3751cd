"""Keys, what they may do, and how much."""
