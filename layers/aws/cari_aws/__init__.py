"""What every function that calls AWS shares: clients with timeouts, conditional writes, logs, messages."""
