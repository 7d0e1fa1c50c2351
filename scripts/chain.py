"""Write docs/chain.md: for every site that ships, the plant its product goes to, the evidence, and what is doubtful.

python -m scripts.chain
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from oreway.layers.vocabulary import Confidence
from oreway.outputs.report.route_tables import best_words, route_note
from oreway.outputs.words.chain_texts import tie_text
from oreway.outputs.words.formatting import label
from oreway.scoring.routes.evidence import evidence
from oreway.scoring.routes.fit import TieOnRecord
from oreway.scoring.routes.supply import SHIPPING, Route, Supply, supply
from oreway.scoring.world.world import World, open_world

PAGE = Path(__file__).parent.parent / "docs" / "chain.md"
HEAD = """# Where each site's product goes, and on what evidence

Made by `python -m scripts.chain` from data/sites and data/methods; checked by a test. A plant is an answer only when
form, host mineral, element and openness fit on record; a contract comes before cost, one in force before one whose
state is not known, a plant named by letter or plan before others, evidence of today before older; "unknown" is never
an answer, and a plant in commissioning is one only for what is bound to it.

| site | ships | goes to | on what evidence | allied | doubtful |
|---|---|---|---|---|---|
"""
WEAK = frozenset({Confidence.LOW, Confidence.UNVERIFIED, Confidence.CONFLICT})


def cell(text: str) -> str:
    """Return a text fit for a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "/")


def doubts(found: Supply, route: Route | None) -> str:
    """Return what is not sure about an answer, as the rows it rests on say it themselves."""
    told = [] if found.product_known else [label("product_taken")]
    if route is None:
        return "; ".join(told)
    if not route.running:
        told.append(label("not_running").format(label(route.status)))
    elif not route.at_rate:
        told.append(label("not_at_rate"))
    if route.old:
        told.append(label("old_evidence").format(year=route.as_of[:4]))
    rows = [row for row in evidence().feeds.get(route.refinery_id, ()) if row["source_title"] == route.source_title]
    told += [f"{row['confidence']}: {row['note']}".rstrip(": ") for row in rows if row["confidence"] in WEAK]
    told += [
        f"tie {one.status}" for one in found.ties if one.refinery_id == route.refinery_id and one.status != "in_force"
    ]
    if not route.capacity:
        told.append("capacity not on record")
    return "; ".join(dict.fromkeys(told))


def sold(names: Mapping[str, str], ties: Sequence[TieOnRecord]) -> list[str]:
    """Return who else buys or plans to, on record; nothing where there are none."""
    told = [f"{one.buyer or names.get(one.refinery_id, '')} ({tie_text(one.tie, one.status, 'en')})" for one in ties]
    return [f"on record: {', '.join(told)}"] if told else []


def line(found: Supply, names: Mapping[str, str]) -> str:
    """Return one site as a row."""
    route = found.route(found.best) if found.best else None
    host = f" ({found.hosts[0].replace('_', ' ')})" if found.hosts else ""
    if route is None:
        goes, why = "–", " ".join(best_words(found, "en", names)[:1])
        why = "; ".join([why, *sold(names, found.ties)])
    else:
        tie = tie_text(route.tie, route.tie_status, "en")
        goes = f"{route.refinery_name} ({label(route.status)})"
        source = route.tie_source_title if route.contracted else f"{route.source_title} ({route.as_of})"
        others = () if route.contracted else tuple(one for one in found.ties if one.holds and not one.refinery_id)
        why = "; ".join(
            [*(part for part in (tie, route_note(route, "en", names), source) if part), *sold(names, others)]
        )
    allied = names.get(found.best_allied, found.best_allied) or "–"
    cells = [
        names[found.site_id],
        f"{label(found.product)}, {found.wanted}{host}",
        goes,
        why,
        allied,
        doubts(found, route),
    ]
    return f"| {' | '.join(cell(one) for one in cells)} |"


def page(world: World, every: Mapping[str, Supply]) -> str:
    """Return the whole page."""
    names = {str(key): str(name) for key, name in world.sites["name"].items()}
    return HEAD + "\n".join(line(found, names) for _, found in sorted(every.items())) + "\n"


def all_chains(world: World) -> dict[str, Supply]:
    """Return the chain of every site that ships."""
    ships = world.sites.index[world.sites["kind"].isin(SHIPPING)]
    return {str(site_id): supply(world, str(site_id)) for site_id in ships}


if __name__ == "__main__":
    opened = open_world()
    PAGE.write_text(page(opened, all_chains(opened)), encoding="utf-8", newline="\n")
