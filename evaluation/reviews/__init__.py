"""The tiers of a book, reviewed again and again over its past."""
