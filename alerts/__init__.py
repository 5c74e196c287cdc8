"""The alarm system: conditions, signals, escalation, delivery. Knows nothing of devices or monitor."""
