"""People who sign in: producers' members, office members, partners' users; buyers need no account."""
