"""What is sold and what may be said about it: producers, products, certificates, translations."""
