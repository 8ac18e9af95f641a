"""Carts, checkout, promises of stock, order states, payments and the money ledger."""
