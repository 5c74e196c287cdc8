"""The shipped English sentences, for tests that hand them to what speaks with people."""

from monitor.texts_dir import read_texts

ENGLISH = read_texts()
