"""Steps from an empty database to today's, in order; each also runs beside the version before it."""
