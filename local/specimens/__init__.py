"""The sandbox's pictures, and what comes of them: `python -m local.specimens functions/sandbox/specimens`."""
