"""What one recommendation over HTTP costs, beside an empty endpoint of the same server."""
