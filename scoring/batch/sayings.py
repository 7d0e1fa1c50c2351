"""What a batch refuses, and what looks wrong with where a user's sites lie, each sentence by its code."""

from oreway.said import Saying


class DoubtSaying(Saying):
    """Sentences of doubts."""

    ALL_AT_SEA_SWAPPED = "every site lies at sea: longitude and latitude may be swapped"
    ALL_AT_SEA = "every site lies at sea: check the positions where they should be on land"
    AT_SEA = "at sea, though their row names a country: {0}"
    OUTSIDE = "outside the country their row names: {0}"
    IN_COUNTRY = "{0} ({1}, not {2})"


class BatchSaying(Saying):
    """Sentences of a batch: its input, its output, its cluster."""

    IS_INPUT = "{0}: is the input; name another output"
    ACCURACY = "position accuracy {0} km: expected 0 or more"
    FOLDER_FULL = "{0}: exists and is not an empty folder; name a new one"
    IS_FOLDER = "{0}: is a folder; end it with / for a folder of parts, or name a file in it"
    OUT_ENDING = "{0}: ending {1} names no format; use one of {2} or /"
    OTHER_VERSION = "a worker has another data version; install the same release of Oreway on every machine"
    FOLDER_UNSEEN = "{0}: a worker does not see this folder; write to one that all machines share"
    NO_SCHEDULER = (
        "scheduler {0}: no answer ({1}); start it with `dask scheduler`, and workers with `dask worker ADDRESS`"
    )
    WORKERS_DIED = "scheduler: workers died again and again ({0}); give them more memory"
    NO_POINTS = "{0}: no rows; expected at least one point"
    IN_USE = "{0}: another run is writing it; wait for its end, or name another output"
    NOT_WRITTEN = (
        "{0}: cannot be written ({1}); choose a folder you may write to, or make room; finished parts are kept"
    )
    PARTS_MISSING = "{0}: {1} parts are missing; all workers must write to one folder"
    NOT_READABLE = "{0}: not readable ({1}); {2}"
    AS_CSV = "save it as CSV in UTF-8"
    AS_PARQUET = "write it again as Parquet"
    AS_GEOPARQUET = "write it again as GeoParquet"
    AS_GEOJSON = "export it again as GeoJSON (RFC 7946)"
    IN_ENDING = "{0}: ending {1} names no format of points; use one of {2}"
    NO_FILE = "{0}: no such file; check the path"
    NOT_WKB = "{0}: geometry as {1}; write it as WKB points"
    NO_GEOJSON = "{0}: no GeoJSON; expected a FeatureCollection, or one feature a line"
    OTHER_DRIVER = "{0}: {1}, no GeoJSON; export it again as GeoJSON (RFC 7946)"
    BINARY = "{0}: binary; {1}"
    NO_HEADER = "{0}: no header line; expected columns such as name, lon, lat"
