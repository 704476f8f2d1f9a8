"""Indicators that policies, pages and answers share: four-part value, relationship health and the risk scan."""
