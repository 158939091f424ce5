"""Expected values for saved real answers, read by hand, and what scores the readers against them."""
