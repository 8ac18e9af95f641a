"""Cart, checkout and the buyer's own page of an order."""
