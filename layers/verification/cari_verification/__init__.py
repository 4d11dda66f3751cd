"""The one use case: pictures in, a stored verification out."""
