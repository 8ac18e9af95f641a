"""The rules of the catalogue: pure functions over frozen facts, without database, clock or network."""
