"""Ways to pay, each a gateway, and the one function that applies news of money."""
