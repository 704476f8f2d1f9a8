"""Forgetting a customer: everywhere, for good, and with a tombstone."""
