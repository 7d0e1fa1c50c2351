"""What can be wrong with data: each error names place, fault and cure."""

from oreway.said import Said


class LayerError(ValueError):
    """Base of everything that can be wrong with a layer."""


class CatalogError(LayerError):
    """The catalogue or a file behind it is missing, damaged or unlisted."""


class SchemaError(LayerError):
    """Rows break their schema; the message lists every complaint."""


class UploadError(LayerError):
    """A stranger's file cannot be read as sites; said is why."""

    def __init__(self, said: Said) -> None:
        super().__init__(said)
        self.said = said


class ExtraError(LayerError):
    """A part is asked for whose packages are not installed."""


class ChoiceError(UploadError):
    """A file holds several layers or sheets, and none is named; choices are their names."""

    def __init__(self, said: Said, *, choices: tuple[str, ...] = ()) -> None:
        super().__init__(said)
        self.choices = choices


class PostgisError(LayerError):
    """A PostgreSQL table cannot be read or written; no message carries a password."""


class CoordinateError(LayerError):
    """A text is no coordinate, or can be read in two ways; said follows the quoted text."""

    def __init__(self, said: Said) -> None:
        super().__init__(said)
        self.said = said
