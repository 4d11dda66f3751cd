"""API Gateway on a laptop."""
