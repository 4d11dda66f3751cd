"""IAM on a laptop: each function's role, as the template gives it, decides on every call that the function makes."""
