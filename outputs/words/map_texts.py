"""The words that stand on the map itself."""

from oreway.outputs.words.translation import Language, message, message_in, translated

WORDS: dict[str, str] = {
    "offline": message("Offline map (no internet needed)"),
    "dark": message("Offline map, dark"),
    "loading": message("The map is being drawn …"),
    "map": message("Map of the sites"),
    "keys": message(
        "Arrow keys go from site to site, Shift and arrow keys move the map, plus and minus zoom, Enter chooses the "
        "site or the middle of the map, Escape takes the choice back."
    ),
    "cleared": message("Nothing is chosen."),
    "which": message("Several places lie here. Which one?"),
    "no_net": message("No answer from the internet: the offline map stays."),
    "bad_link": message("Parts of the address that cannot be read were left out:"),
    "measure": message("Measure a distance"),
    "measure_hint": message("Click from point to point; a double click or Enter ends, Escape gives up."),
    "measured": message("Distance on the ellipsoid:"),
    "area": message("Draw an area and list its sites"),
    "area_hint": message("Click the corners; a double click, Enter or the first corner ends, Escape gives up."),
    "picture": message("Map as a picture (PNG)"),
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
    "score_seabed": message("on the seabed, ranked apart"),
    "stockpile": message("stockpile"),
    "frame": message("rock complex or island"),
    "outline": message("outline of a zone"),
    "own": message("your own sites"),
    "legend_hint": message("A click shows these sites alone; another click shows all"),
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
    "power": message("Power (hollow, dashed: grid of a place, joined to no network)"),
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
