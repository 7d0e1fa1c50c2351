"""What can be wrong with a question put to the scoring room: each error names place, fault and cure."""


class ScoringError(ValueError):
    """A class, site, profile, weight or method table cannot be used as given."""
