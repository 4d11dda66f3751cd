"""Evidence and policy in, a decision with its reasons out. Pure."""
