"""The compiled walk over one customer's events: small functions, one file per family."""
