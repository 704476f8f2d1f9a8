"""What theory says of purchases: buy till you die, and how much an order brings."""
