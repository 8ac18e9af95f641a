"""The programme office's desk at /office/: what ends soon, what is hidden, imports, people, who did what."""
