"""What happens inside a simulated patient: drug, pressure, wakefulness, breathing, gas, events."""
