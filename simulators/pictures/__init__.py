"""Pictures of the pages for the README: simulated sessions, stopped at a moment worth seeing."""
