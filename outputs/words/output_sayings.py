"""What writing files and pictures refuses, each sentence by its code."""

from oreway.said import Saying


class OutputSaying(Saying):
    """Sentences of outputs."""

    ENDING = "ending {0}: not known; name the file with one of {1}"
    ENDING_OF = "{0}: ending {1} names no format; use one of {2}"
    WORKBOOK = "{0}: a workbook holds sites; export {1} as .csv, .gpkg or .geojson"
    IS_FOLDER = "{0}: is a folder; name a file in it"
    EPOCH = "SOURCE_DATE_EPOCH {0}: not a whole number of seconds; unset or mend it"
    NOT_WRITTEN = "{0}: cannot be written ({1}); choose a folder you may write to"
    MANY_MARKS = "{0}: {1} features; KML holds {2}, export .gpkg or .parquet"
    REGION = "region {0}: expected {1} or west,south,east,north in degrees"
    REGION_ORDER = (
        "region {0}: expected {1} or west,south,east,north in degrees, west below east and south below north; split a"
        " box that crosses 180 degrees"
    )
    RESOLUTION = "resolution {0}: expected degrees above 0 and no larger than the region"
    MANY_CELLS = "{0} x {1} cells; at most {2}, take coarser cells or a smaller box"
    NOT_TIF = "{0}: expected a file that ends in .tif"
    CELL_TYPE = "cells of type {0}: expected one of {1}"
    NO_SURFACE = "surface of {0}: expected some of {1}"
    NOTHING = "nothing"
    WHATIF_ENDING = "ending {0}: not known; name the file with .csv or .geojson"
    COMPARED = "comparison: {0} sites; choose {1} to {2} different ones"


class ScenarioSaying(Saying):
    """Why an address or a file holds no weights, comparisons or scenario."""

    VERSION = "version {0}"
    NO_SCENARIO = "no {0} of version {1}"
    DAMAGED = "damaged"
