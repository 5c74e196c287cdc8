"""The alarm system: conditions, signals, escalation, delivery. Knows no device and no monitor."""
