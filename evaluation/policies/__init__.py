"""Tier policies judged in money: what the customers that each chooses brought, and what serving them would."""
