"""A bounded attack on the running service, as a stranger with a key would try it. `make attack` runs it."""
