"""Find out how a spreadsheet that staff made is laid out: pure proposals, each with its reason. Writes nothing."""
