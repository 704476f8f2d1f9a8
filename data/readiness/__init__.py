"""Whether a book can be predicted, and what is missing."""
