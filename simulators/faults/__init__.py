"""What breaks in a simulated home, as data with a beginning and an end, and what it does."""
