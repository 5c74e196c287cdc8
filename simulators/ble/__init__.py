"""Bluetooth without a radio: peripherals, the air between, and what bleak talks to."""
