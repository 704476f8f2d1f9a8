"""Boosted trees read from LightGBM's text: predicted and explained by compiled walks."""
