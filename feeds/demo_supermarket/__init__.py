"""An invented supermarket on this machine: receives batches, reads them with its own eyes, and answers."""
