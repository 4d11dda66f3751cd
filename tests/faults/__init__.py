"""Faults of AWS on purpose, and what must hold all the same. `make faults` runs it on a stack of its own."""
