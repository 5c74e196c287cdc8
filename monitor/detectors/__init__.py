"""One module per shape of rule. A detector answers about one row and never tells anybody."""
