"""What another plan would have done with sessions that were recorded. Pure: opens no file."""
