"""Train the recogniser of MRZ lines on synthetic print."""
