"""What a book's purchase signals are worth: how often they fire, what follows, how fast that fades."""
