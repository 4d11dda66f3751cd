"""The questions asked of the evidence, in groups: each a pure function from evidence and policy to checks."""
