"""Pure rules of ordering: no database, no clock, no network."""
