"""The model versions of a book: which one answers, and which one shall."""
