"""Texts to values: times, money and the rows of delimited files, as people and systems write them. No I/O."""
