"""What this room says when it is asked something it cannot answer."""


class GeoError(ValueError):
    """Say which place is at fault, what the fault is and how to cure it, in one line."""


class NoRouteError(GeoError):
    """Say that a network does not join two places, and why: no common part, or too far from it."""


class MisfitError(TypeError):
    """Machine code is not made for what came in, or there is none: the compiler is to be asked."""
