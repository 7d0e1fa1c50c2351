"""Words of the supply chain: why a plant fits or not, what binds a site to it, what is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from babel import Locale

from oreway.later import later
from oreway.outputs.words.data_labels import COMMODITIES
from oreway.outputs.words.translation import LANGUAGES, Language, message, translated

with later(__name__):
    from oreway.scoring.routes.fit import Reason
    from oreway.scoring.routes.supply import Route

CHAIN: dict[str, str] = {
    "fit_yes": message("takes this product, on record"),
    "fit_step_missing": message("needs a step before it"),
    "fit_unknown": message("not known whether it takes this"),
    "fit_no": message("does not take this"),
    "tie_own": message("own plant"),
    "tie_binding": message("binding contract"),
    "tie_offtake": message("offtake agreement"),
    "tie_letter": message("letter, not binding"),
    "tie_plan": message("plan"),
    "tie_status_in_force": message("in force"),
    "tie_status_conditional": message("conditions open"),
    "tie_status_planned": message("not yet begun"),
    "tie_status_lapsed": message("lapsed"),
    "tie_status_unknown": message("state not known"),
    "open_yes": message("takes others' feed"),
    "open_letter": message("by letter only"),
    "open_no": message("takes no third-party feed"),
    "open_unknown": message("no evidence that it takes others' feed"),
    "product_known": message("as planned"),
    "product_taken": message("not known what will be shipped; taken as concentrate"),
    "allied_country_and_owner": message("country and owner allied"),
    "allied_country": message("country allied"),
    "allied_owner": message("owner allied"),
    "chain_title": message("From ore to product, step by step"),
    "chain_plant": message("Plant, or why there is none"),
    "chain_km": message("Way to it, km"),
    "sold_to": message("sold to {buyer}"),
    "ties_title": message("Contracts, letters and plans on record"),
    "not_running": message("not running: {0}"),
    "not_at_rate": message("in commissioning, not yet at rate"),
    "old_evidence": message("rests on evidence of {year}"),
    "failing": message("Nearest to it, and why not:"),
    "nearest_same": message(
        "{plant} is also the refinery nearest in a straight line ({km}), the distance that the score counts."
    ),
    "nearest_other": message(
        "The score counts the refinery nearest in a straight line, {plant} ({km}), whatever it takes; why the way does "
        "not end there: {why}."
    ),
    "nearest_dearer": message("a tonne costs more to bring there, or less binds the site to it"),
    "nearest_no_way": message("it is no plant of this product's next steps"),
    "way_to_plant": message("{plant}: {why}"),
}
REASONS: dict[str, str] = {
    "no_evidence": message("nothing on record of what it takes"),
    "own_feed": message("takes this site's product as its own feed"),
    "tied": message("bound to this site ({0})"),
    "takes": message("takes {0} of others ({1})"),
    "step_missing": message("takes {0}: the {1} needs a step before it"),
    "form": message("takes {0}, not {1}"),
    "element_unknown": message("what it makes is not on record"),
    "element": message("makes {0}, not {1}"),
    "host_unknown_plant": message("no host mineral on record that it takes"),
    "host_unknown_site": message("takes {0}; the host mineral here is not on record"),
    "host": message("takes {0}; the host mineral here is {1}"),
    "captive": message("takes {0} alone"),
    "captive_owner": message("takes its owner's feed alone"),
    "letter_only": message("agreed by letter with {0} alone"),
    "letter_only_owner": message("takes others' feed by letter alone"),
    "letter_here": message("named in a letter or plan; no contract on record"),
    "openness_unknown": message("no evidence that it takes others' feed"),
    "programme": message("a national programme directs this product to {1}"),
    "closed_by": message("a rule on record closes exports to {1}"),
    "nobody_takes": message("No plant in operation takes {0} of {1} today."),
    "nobody_takes_form": message("No plant in operation takes this {0} today."),
    "none_on_record": message("No plant in operation takes this {0} of {1} from others, on record."),
    "none_on_record_form": message("No plant in operation takes this {0} from others, on record."),
    "no_plant_listed": message("No plant that takes this for {0} is in the catalogue."),
    "nobody_takes_next": message("No plant in operation takes it further, on record."),
    "done": "",
}
MINERALS: dict[str, str] = {
    "monazite": message("monazite"), "xenotime": message("xenotime"), "bastnasite": message("bastnäsite"),
    "eudialyte": message("eudialyte"), "steenstrupine": message("steenstrupine"), "allanite": message("allanite"),
    "parisite": message("parisite"), "synchysite": message("synchysite"), "loparite": message("loparite"),
    "apatite": message("apatite"), "biogenic_apatite": message("biogenic apatite"), "clay": message("clay"),
    "ionic_clay": message("ion-adsorption clay"), "spodumene": message("spodumene"),
    "lepidolite": message("lepidolite"), "stibnite": message("stibnite"), "scheelite": message("scheelite"),
    "wolframite": message("wolframite"), "laterite": message("nickel laterite"), "pyrochlore": message("pyrochlore"),
    "perovskite": message("perovskite"), "ilmenite": message("ilmenite"), "zircon": message("zircon"),
    "graphite": message("graphite"), "chalcopyrite": message("chalcopyrite"), "pentlandite": message("pentlandite"),
    "sphalerite": message("sphalerite"), "nickel_sulphide": message("nickel matte"), "bauxite": message("bauxite"),
    "brine": message("brine"), "churchite": message("churchite"), "tantalite": message("tantalite"),
    "ferromanganese_nodules": message("ferromanganese nodules"), "any": message("any host mineral"),
    "rare_earth_fluorocarbonates": message("rare earth fluorocarbonates"),
    "rare_earth_carbonates": message("rare earth carbonates"),
}  # fmt: skip
FORMS: dict[str, str] = {
    "mud": message("mud"), "ore": message("ore"), "concentrate": message("concentrate"),
    "intermediate": message("intermediate"), "mixed_carbonate": message("mixed carbonate"),
    "mixed_chloride": message("mixed chloride"), "mixed_oxide": message("mixed oxide"), "oxide": message("oxide"),
    "chemical": message("chemical"), "metal": message("metal"), "alloy": message("alloy"),
    "magnet": message("magnet"), "scrap": message("scrap"),
}  # fmt: skip
EMPTY_ENDS = {"nobody_takes": 1, "none_on_record": 1, "captive": 0, "letter_only": 0}
COUNTRY = re.compile("[A-Z]{2}")
ENDING = {"nobody_takes": "_form", "none_on_record": "_form", "captive": "_owner", "letter_only": "_owner"}


def reason_text(reason: Reason, lang: Language, names: Mapping[str, str] | None = None) -> str:
    """Return a reason as a sentence or a part of one.

    Args:
        reason: code and values.
        lang: language of the words.
        names: names by site_id, for sources and owners; ids stand where one is missing.
    """
    at = EMPTY_ENDS.get(reason.code)
    code = reason.code + (ENDING[reason.code] if at is not None and not reason.values[at] else "")
    told = [_words(value, lang, names or {}) for value in reason.values]
    return translated(REASONS[code], lang).format(*told) if REASONS[code] else ""


def _words(text: str, lang: Language, names: Mapping[str, str]) -> str:
    parts = [part.strip() for part in text.split(";") if part.strip()]
    return translated(", ", lang).join(_word(part, lang, names) for part in parts)


def _word(part: str, lang: Language, names: Mapping[str, str]) -> str:
    for table in (MINERALS, FORMS, COMMODITIES):
        if part in table:
            return translated(table[part], lang)
    if COUNTRY.fullmatch(part):
        return str(Locale.parse(LANGUAGES[lang].locale).territories.get(part, part))
    if f"tie_{part}" in CHAIN:
        return translated(CHAIN[f"tie_{part}"], lang)
    return names.get(part, part.removeprefix("name:"))


def route_reasons(route: Route, lang: Language, names: Mapping[str, str]) -> str:
    """Return all that is to be said of whether a plant takes the product, in one line."""
    told = [reason_text(reason, lang, names) for reason in route.reasons]
    return "; ".join(dict.fromkeys(part for part in told if part))


def tie_text(tie: str, status: str, lang: Language) -> str:
    """Return what binds a site to a plant, with its state."""
    if not tie:
        return ""
    state = translated(CHAIN[f"tie_status_{status}"], lang) if status else ""
    return f"{translated(CHAIN[f'tie_{tie}'], lang)}{f' ({state})' if state else ''}"
