"""Languages: which there are, which one a visitor wants, and how texts, prices and dates look in each."""
