"""Semi-synthetic sessions: real devices' values, a published course of ketamine laid over."""
