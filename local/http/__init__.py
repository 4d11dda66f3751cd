"""Serving HTTP on 127.0.0.1: ports, bodies, and who may call."""
