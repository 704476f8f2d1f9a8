"""The HTTP API: one file a noun, each a plain function of an engine and what was asked; HTTP adds nothing to it."""
