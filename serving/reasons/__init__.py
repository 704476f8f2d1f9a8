"""Reasons: contributions to a score in groups, in the unit of the score, and in words."""
