"""The books of the shop and of each producer as journal lines for accounting software."""
