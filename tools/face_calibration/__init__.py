"""Measure on labelled pictures what an embedder's cosines mean. Nothing that ships imports this."""
