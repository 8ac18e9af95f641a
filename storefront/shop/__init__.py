"""The public pages of the shop: home, browse, product, producer, certificate, search, about."""
