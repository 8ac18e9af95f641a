"""Stock and prices to and from the sales software of producers, through profiles that name its columns."""
