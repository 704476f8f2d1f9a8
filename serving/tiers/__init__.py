"""Tier policies: each learns a plan from a whole book, and assigns one customer's tier by it."""
