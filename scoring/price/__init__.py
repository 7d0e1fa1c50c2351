"""Prices: what a site needs, and announced figures against each other."""
