"""From the deliveries of a book to its store: every row accounted for."""
