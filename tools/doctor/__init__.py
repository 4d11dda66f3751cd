"""Checks of what was built, without an account, and of a deployed stack, reading only."""
