"""The next step: feasible events that would lift a customer's tier or lower churn, found by replaying them."""
