"""The burden of alarms: what they ask of people, and what nobody was watching. Pure."""
