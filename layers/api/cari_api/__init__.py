"""HTTP over API Gateway: the event, the body, the resolver, the problems."""
