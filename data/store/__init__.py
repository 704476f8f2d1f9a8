"""Histories on disk, appended events, and who was forgotten."""
