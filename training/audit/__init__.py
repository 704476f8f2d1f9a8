"""Leaks: features that tell the label so well, alone, that they must have been filled in after the fact."""
