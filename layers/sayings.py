"""What reading data and tables of a database refuses, each sentence by its code."""

from oreway.said import Saying


class LayerSaying(Saying):
    """Sentences of the catalogue, the data files and PostGIS."""

    NO_DATA_SET = "catalog.toml: no table for {0}; run `make data`"
    NO_CATALOG = "{0}: not found; restore it from the repository or run `make data`"
    NOT_TOML = "{0}: not readable as TOML ({1}); restore it from the repository"
    DATA_UNREAD = "data/{0}: cannot be read ({1}); restore it from the repository"
    DATA_CHANGED = (
        "data/{0}: checksum differs from catalog.toml (sha256 {1}…, expected {2}…); restore it from the repository, "
        "or run `make data` if the change is meant"
    )
    NO_PUBLISHED = (
        "country {0}: no published length or capacity is kept to measure the layers against; give two letters such as"
        " AU, or {1} ({2} countries)"
    )
    NOT_INSTALLED = "{0}: not installed; run `pip install 'oreway[{1}]'`"
    NO_NETWORK = "network {0}: not known; choose from {1}"
    UNTIED_EDGE = "{0}: an edge names a junction that {1} has not; run `make data`"
    NOT_NETWORK = "{0}: not readable as a network ({1}); restore them or run `make data`"
    NO_ADDRESS = "database address: not readable; write postgresql://user@host/database?table=name"
    ODD_ADDRESS = "database address: more than one @, or a / before it; write %40 and %2F in user and password"
    NO_TABLE = "{0}: no table; add ?table=name"
    TABLE_NAME = "{0}: table {1}; expected letters, digits and underscores, at most 55"
    REFUSED_BY_SERVER = "{0}: {1}; check host, database, user and password, and that the server runs"
    REFUSED_BY_DATABASE = "{0}: {1}; check the table's name and your rights"
    GEOMETRY_COLUMNS = "{0}: several geometry columns: {1}; read a view with one of them"
    TABLE_MISSING = "{0}: no such table; check schema and name"
    SEVERAL_SYSTEMS = "{0}: rows in several reference systems: {1}; ST_Transform them into one"
    MANY_ROWS = "{0}: more than {1} rows; use `oreway batch`"
    NO_ROWS = "{0}: no rows; expected at least one site"
    NOTHING_TO_WRITE = "{0}: nothing to write; the old table stays as it was"
    NO_HEADER = "{0}: empty; expected a header line"
    NOT_GEOPARQUET = "{0}: not readable as GeoParquet ({1}); restore it or run `make data`"
    NO_COLUMN = "{0}: no column {1}; run `make data`"
    NOT_FOUND = "{0}: not found; restore it from the repository"
    NOT_READABLE = "{0}: not readable ({1}); restore it from the repository"
    NO_LAYER = "layer {0}: not known; choose from {1}"
