"""What was decided about whom and when: the tiers that were assigned, and the overrides of named people."""
