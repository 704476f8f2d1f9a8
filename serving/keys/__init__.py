"""Who may ask: API keys, the sessions of people who signed in with one, and how fast a key may ask."""
