"""What visitors and desks read of events, booths, collections, articles, requests and offers."""
