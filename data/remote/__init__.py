"""Files that are named by a URL."""
