"""The past replayed through the very same recommendation, and judged."""
