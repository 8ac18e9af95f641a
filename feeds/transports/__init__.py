"""How files reach a partner and come back: one module for each way."""
