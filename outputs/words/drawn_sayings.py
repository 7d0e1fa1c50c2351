"""What is said of typed coordinates, each sentence by its code."""

from oreway.said import Saying


class DrawnSaying(Saying):
    """Sentences of typed coordinates."""

    NOTHING_TYPED = "coordinates: empty; {0}"
    MANY_POINTS = "coordinates: {0} points; at most {1}"
    ONE_POINT = "coordinates: every point is the same; give a line two different ends"
    NOT_TYPED = "coordinates: {0} cannot be read; {1}"
    NOT_ON_EARTH = "coordinates: {0} is not on Earth; longitude -180 to 180, latitude -90 to 90"
    EXPECTED = "expected longitude, latitude; several points with ; between them"
