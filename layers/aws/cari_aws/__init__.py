"""What every function that calls AWS shares: clients that do not outwait their caller, conditional writes, logs, messages."""
