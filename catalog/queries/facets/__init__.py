"""What lists of goods are narrowed by: the facets, and a table that counts them for browsing and search."""
