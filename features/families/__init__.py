"""The declared features, one file per family."""
