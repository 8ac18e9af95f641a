"""The whole catalogue as one file, and back: every row of every table that is the catalogue's own."""
