"""What must not go wrong, practised: tampering, kills in the middle of a promotion, promotions under load."""
