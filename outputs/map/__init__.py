"""The map of the page and the panel beside it."""
