"""Histories and a cutoff become one numeric row per customer."""
