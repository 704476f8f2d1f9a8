"""What stands before everything: which paths are served to whom, how much comes in at once, how no is said."""
