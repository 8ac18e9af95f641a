"""How a batch is written for a partner: one module for each format."""
