"""The AWS behind it: moto, with what it lacks."""
