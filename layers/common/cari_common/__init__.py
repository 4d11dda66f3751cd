"""What every part of Cari shares: contract, evidence, decision, store."""
