"""Whole worlds in virtual time: a body, devices, people and failures meet the real engine."""
