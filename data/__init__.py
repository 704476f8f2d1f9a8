"""One event log from any source: read, validate, quarantine, resolve identity, store."""
