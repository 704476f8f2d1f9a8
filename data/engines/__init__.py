"""Where work on many buckets is done: in this process, in several, on a Dask cluster or on Spark."""
