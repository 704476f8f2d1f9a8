"""What a book declares: its TOML file, checked and typed."""
