"""How near the models come to what can be known at all, where the truth behind the data is known."""
