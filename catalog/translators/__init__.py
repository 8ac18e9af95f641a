"""Gateways to translation machines, one module each; none is used unless the operator names it."""
