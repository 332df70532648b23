"""The referring expression itself: words to a target with its constraints."""
