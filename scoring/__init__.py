"""Scoring: measurements become judgement; the only room where layers meet geo."""
