"""The supermarkets' desk at /partners/: batches, what became of each item, files and acknowledgements."""
