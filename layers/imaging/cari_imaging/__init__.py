"""Bytes in, a checked upright picture out."""
