"""The words that stand on the map itself."""

from oreway.outputs.words.translation import Language, message, message_in, translated

WORDS: dict[str, str] = {
    "offline": message("Offline map (no internet needed)"),
    "near": message("Zoom to what is near"),
    "far": message("Show every line"),
    "missing": message("A map file is missing; `oreway doctor` says how to mend it:"),
    "legend": message("Legend"),
    "deposits": message("Deposits: shape = stage"),
    "circle": message("found, no resource counted"),
    "triangle": message("resource counted"),
    "square": message("studied"),
    "pentagon": message("financed or being built"),
    "star": message("producing"),
    "score": message("Colour = access score"),
    "low": message("0 far"),
    "high": message("100 near"),
    "unscored": message_in("colour on the map", "not scored"),
    "plants": message("Refining sites"),
    "running": message("operating"),
    "coming": message("planned or being built"),
    "stopped": message("barred, idled or cancelled"),
    "streets": message("Streets (online)"),
    "satellite": message("Satellite (online)"),
    "ocean": message("Ocean floor (online)"),
    "ports": message("Ports"),
    "airfields": message("Airfields"),
    "roads": message("Road corridors (schematic)"),
    "rail": message("Railways (schematic)"),
    "power": message("Power"),
    "sea_lanes": message("Sea lanes"),
    "towns": message("Place names"),
    "ice": message("Ice sheet and glaciers"),
    "heritage": message("Heritage and protected areas"),
    "eez": message("Minamitorishima 200-mile circle"),
    "relief": message("Relief and sea depth"),
    "graticule": message("Graticule"),
    "borders": message("Borders"),
}


def word(key: str, lang: Language) -> str:
    """Return a word of the map in a language."""
    return translated(WORDS[key], lang)
