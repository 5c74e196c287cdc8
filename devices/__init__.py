"""What the body and the people tell us: words, codecs, links. Knows no alert and no monitor."""
