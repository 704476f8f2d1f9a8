"""The tiers of a book as its TOML file declares them: which policy assigns, and the settings of each."""
