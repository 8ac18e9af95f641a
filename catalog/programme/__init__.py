"""What the programme does for its producers beyond the listing: events, collections, news, requests of buyers."""
