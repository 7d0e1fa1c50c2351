"""The page's own words; the words of the data are in `outputs.words.data_labels`."""

from oreway.outputs.words.translation import message, message_in
from oreway.views.judgement_page_texts import JUDGEMENT_WORDS
from oreway.views.price_page_texts import PRICE_WORDS

WORDS: dict[str, str] = {
    **JUDGEMENT_WORDS,
    **PRICE_WORDS,
    "explore": message("Map"),
    "example_told": message("A worked example: {name}. Choose another above."),
    "story": message("In two minutes"),
    "story_intro": message(
        "A deposit is not supply. Between the two stand a port, a road, power, a law, and a plant that takes what the "
        "mine ships. Three places, from far to near; each number below is that of the other pages."
    ),
    "story_gl-tanbreez": message("1. {name}: a deposit on a fjord"),
    "story_jp-minamitorishima": message("2. {name}: a zone on the seabed"),
    "story_au-mt-weld": message("3. {name}: a mine that supplies"),
    "story_score": message("Access score {total} of 100, {low}–{high} with what is not known"),
    "story_gates": message("Gates not open: {gates}"),
    "story_gates_open": message("Every gate is open"),
    "story_way": message("Best way to a running plant: {way}"),
    "story_end": message("Now look for yourself: set the first and the last side by side, or build what is missing."),
    "rank": message("Ranking"),
    "site": message("Site"),
    "balance": message("Balance"),
    "balance_title": message("What could reach magnets without China?"),
    "balance_intro": message(
        "Tonnes of the magnet rare earths that mines and plants could bring through every step of the chain, year by "
        "year: what is on record, what is possible at most, and what holds it back."
    ),
    "balance_element": message("Elements"),
    "balance_rule": message("What counts"),
    "balance_year": message("Year"),
    "balance_closed": message("What the closed passages add to the ways of {year}, as announced"),
    "balance_closed_none": message("No way of {year}, as announced, changes."),
    "col_way": message("From → to"),
    "col_way_t": message("t a year"),
    "col_way_note": message("Remark"),
    "balance_no_way": message("no way left"),
    "balance_working": message("Solving the chain, year by year …"),
    "said": message("What was said"),
    "said_intro": message(
        "What is claimed in public about these places and their supply chains, who said it, what the evidence says, "
        "and how the claim stands. Choose a site to see only what concerns it."
    ),
    "said_more": message("Promised dates, and all that was said"),
    "said_count": message("{shown} of {all} claims shown"),
    "verdict": message_in("claims", "Verdict"),
    "promises_none": message("No promised date is on record here."),
    "source_later": message("Source of what became of it"),
    "source_also": message("A second source"),
    "programmes": message("Programmes, agreements and rules"),
    "programmes_intro": message(
        "Laws, export controls, agreements and price floors, each with date and source; values and notes as recorded."
    ),
    "programme": message("Programme"),
    "sources": message("Sources"),
    "method": message("Method"),
    "find": message("Find a site"),
    "find_any": message("Site, port, town or coordinates"),
    "find_order": message("Two numbers without a word which is the longitude: which place is meant?"),
    "find_nothing": message(
        "Nothing is called {text!r}: no site, port or airfield, and no town of 500 people or more. Coordinates can be "
        "typed as well, as 60.9 N 45.9 W."
    ),
    "find_no_position": message(
        "{text!r} is neither a place's name nor a position on Earth; longitude is −180 to 180 and latitude −90 to 90, "
        "as in 60.9 N 45.9 W."
    ),
    "find_hint": message("Type a name, or click a site on the map"),
    "filters": message("Filters"),
    "layer": message("Layer"),
    "commodity": message("Commodity"),
    "country": message("Country"),
    "stage": message("Stage"),
    "score": message("Access score"),
    "any": message("any"),
    "clear_all": message("Clear all"),
    "chip_help": message("Take this filter back"),
    "area_chip": message("In the drawn area"),
    "area_statistics": message("{scored} with a score: {least} least, {middle} median, {most} most"),
    "shown": message("{shown} of {all} sites shown"),
    "surface_region": message("Region to shade"),
    "surface_none": message("none"),
    "surface_band": message("Shade by"),
    "surface_hint": message(
        "Every cell is measured at its centre, as `oreway surface` does; a cell without a colour has no value."
    ),
    "points": message("What makes up each score, in points"),
    "none_shown": message("No site fits these filters; widen them."),
    "language": message("Language"),
    "welcome": message("What stands between a deposit and a refinery?"),
    "welcome_site": message(
        "**Click a site** to see what it is, how far it lies from a port, an airfield, a road or power, and its score."
    ),
    "welcome_point": message("**Click anywhere else** to get the same distances for that point, on land or at sea."),
    "welcome_colours": message(
        "Shape says how far a project has come; colour says how near it is to what it needs. Grey means not scored, "
        "never zero."
    ),
    "welcome_counts": message("{sites} sites · {facts} sourced facts · works without internet"),
    "covered": message(
        "Covered: deposits of {names}, seabed of {seabed}, refineries of the world; main roads, railways, towns and "
        "ports everywhere, power in {power} countries. The darker a country, the less of it is held: what is missing "
        "may be nearer."
    ),
    "measuring_cells": message("Measuring every cell …"),
    "try": message("Try:"),
    "report": message("Report (PDF)"),
    "geojson_place": message("This place (GeoJSON)"),
    "geojson_shown": message("Shown sites (GeoJSON)"),
    "take_away": message("More formats"),
    "take_away_told": message("The shown sites ({number}) with their scores, sources and licences:"),
    "take_html": message("Map in one file, works offline, weights to move (HTML)"),
    "take_png": message("Picture of the map (PNG)"),
    "paper_more": message("The first {shown} of {all} lines; the rest stand in the files and on the screen."),
    "take_svg": message("Picture of the map (SVG)"),
    "take_xlsx": message("Workbook with live formulas (XLSX)"),
    "take_csv": message("Table (CSV)"),
    "take_kmz": message("Globe viewers (KMZ)"),
    "take_gpkg": message("QGIS, with its style (GeoPackage)"),
    "take_qgz": message("QGIS project with its data (zipped)"),
    "take_atlas": message("Atlas: all reports in one (PDF)"),
    "take_atlas_told": message(
        "Contents, index map and a report a site, at most {most} sites here; it takes a second or two a site. "
        "`oreway report --atlas` takes any number."
    ),
    "open_whole": message("Open in Oreway"),
    "all_facts": message("All facts"),
    "show": message("Show"),
    "where": message("Where"),
    "land": message_in("where", "On land"),
    "seabed": message("On the seabed"),
    "place": message("Place"),
    "table": message("Ranked by access score"),
    "table_hint": message("Select a row to show it on the map. Deposits and zones only; land and seabed apart."),
    "name": message("Site"),
    "kind": message("Kind"),
    "range": message("Low–high"),
    "coverage": message("Known share"),
    "gates": message("Gates"),
    "gates_help": message("✕ closed, ◐ open on conditions, ? not known, ✓ all open; the panel gives the reasons"),
    "score_short": message("Score"),
    "clear": message("Clear"),
    "unknown_site": message("No site {site!r}. {hint}"),
    "did_you_mean": message("Did you mean {near}?"),
    "bad_point": message("The address's point {at!r} cannot be read; expected ?at=lon,lat."),
    "bad_word": message("The address's part {word!r} cannot be read ({why}) and was left out."),
    "close": message("Close"),
    "opening": message("Opening the data and judging every site …"),
    "share": message("Copy the link"),
    "shared": message("Link copied"),
    "share_by_hand": message("The link, to be copied by hand"),
    "trouble": message("Something in the data is wrong"),
    "trouble_cure": message("Run `oreway doctor` in the terminal: it names what is wrong and how to mend it."),
    "licence": message("Licence"),
    "credit": message("Credit"),
    "data_set": message("Data set"),
    "rows": message("Rows"),
    "changes": message("What was changed"),
    "defects": message("Known defects"),
    "retrieved": message("As of"),
    "whole": message("Checksum"),
    "right": message("right"),
    "sources_intro": message("Every data set on the map, whose it is, what was changed, and its known defects."),
    "share_held": message("How complete the layers are"),
    "share_held_intro": message(
        "The share of each country's roads, railways and generating capacity that the layers hold, against published "
        "lengths and capacities. Roads are measured against all roads, and the layer holds the main ones. What is "
        "missing may lie nearer than what is shown, and the bounds of every score allow for it."
    ),
    "every_fact": message("Every fact"),
    "every_fact_intro": message(
        "One line is one fact: value, unit, category, date, confidence and where it comes from."
    ),
    "facts_find": message("Find facts: every word must stand in the line"),
    "facts_found": message("{shown} of {all} facts"),
    "fact_code": message("Reporting code"),
    "fact_state": message_in("of a fact", "State"),
    "method_section": message("Method document, section {number}"),
    "method_example": message("One score by hand"),
    "method_example_told": message(
        "The road of {name}: {distance} km to the nearest road, as the crow flies. The way is {detour} times as long, "
        "the first {free} km count as nothing, and the value halves with every {half} km more: "
        "2 ^ −(({distance} × {detour} − {free}) / {half}) = {value}. Its weight is {weight} of the {known} whose "
        "values are known, so it gives 100 × {weight} × {value} / {known} = {points} points of the {total}."
    ),
    "old": message("older than 18 months"),
    "method_intro": message("How a distance becomes a score, and what the score does not say."),
    "criteria": message("Criteria"),
    "criterion": message("Criterion"),
    "why": message("Why"),
    "gate_missing": message("When nothing is on record"),
    "weights": message("Weights by profile, as shares of what applies on land or on the seabed, %"),
    "choose_site": message("Choose a site"),
    "facts_of": message("Facts on record"),
    "fact": message("Fact"),
    "value": message("Value"),
    "category": message("Category"),
    "as_of": message("As of"),
    "confidence": message("Confidence"),
    "rests_on": message("Rests on"),
    "source": message("Source"),
    "note": message("Note"),
    "show_on_map": message("Show on the map"),
}
