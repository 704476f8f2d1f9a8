"""What the page of a backtest shows: each view draws or tabulates one thing that was measured."""
