"""The sandbox's pictures, and what comes of them: `python -m specimens functions/sandbox/specimens`."""
