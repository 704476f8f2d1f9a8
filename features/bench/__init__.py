"""The compiled walk against a Polars version of the same features, on the same data, in one run."""
