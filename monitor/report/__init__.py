"""What a clinic reads of a session afterwards: figures, pictures and pages from its record."""
