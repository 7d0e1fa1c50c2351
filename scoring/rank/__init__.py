"""Ranking: how stable an order is, and what would change it."""
