"""Search over the catalogue: the only package that speaks Whoosh."""
