"""Files that people take away or bring back."""
