"""Decides, records, runs: the engine behind one door, the journal, thin shells around them."""
