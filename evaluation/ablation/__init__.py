"""What each feature family is worth: train without it, or with little else, and see what gets worse."""
