"""Reports: what they say, and how they become PDF and HTML."""
