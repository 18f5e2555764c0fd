"""The public server: validates, limits, authenticates, redacts, greets, and shows what Rasa decides."""
