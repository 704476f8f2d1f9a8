"""Whether a book tells of the past what only the future knew: suspects, tripwires, and checks of time."""
