"""What the body and the people tell us: words, codecs, links. Knows nothing of alerts or monitor."""
