"""Fake services: they speak the wire formats of the real ones, with faults, on 127.0.0.1 only."""
