"""Decides, records, runs: the engine behind one door, the journal, and the thin shells around them."""
