"""What the tiers of a book were worth, review after review: effects, moves, flows, and the chances they told."""
