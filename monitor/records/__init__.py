"""Records kept, proved and moved: what is true of a journal, who looked at it, who may read it."""
