"""The events of customers in time order, from a store or from a caller."""
