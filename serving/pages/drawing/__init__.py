"""Where the marks of a drawing stand; the templates draw them."""
