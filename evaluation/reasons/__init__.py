"""What drives the scores of a book, and whether another seed would have given the same reasons."""
