"""What looks wrong with where a user's sites lie, each sentence by its code."""

from oreway.layers.said import Saying


class DoubtSaying(Saying):
    """Sentences of doubts."""

    ALL_AT_SEA_SWAPPED = "every site lies at sea: longitude and latitude may be swapped"
    ALL_AT_SEA = "every site lies at sea: check the positions where they should be on land"
    AT_SEA = "at sea, though their row names a country: {0}"
    OUTSIDE = "outside the country their row names: {0}"
    IN_COUNTRY = "{0} ({1}, not {2})"
