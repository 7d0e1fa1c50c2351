"""What an atlas prints: the reports of many sites behind contents and an index map, what they share said once."""

import datetime
from collections.abc import Iterable, Sequence
from typing import cast

from oreway.outputs.pictures.positions_map import index_map
from oreway.outputs.report.contents import Frame, Report, SitePart
from oreway.outputs.report.many_contents import Atlas, Line
from oreway.outputs.report.site_content import report_content
from oreway.outputs.words.formatting import Language, country_label, label, number, site_name, stage_label
from oreway.scoring.dossier.dossier import Dossier
from oreway.scoring.world.world import World

MOST_COUNTRIES = 3


def atlas_content(found: Iterable[Dossier], *, world: World, lang: Language = "en", created: datetime.date) -> Atlas:
    """Return everything an atlas prints, its sites in the order given.

    Args:
        found: the sites, at least one.
        world: the world they are judged in.
        lang: language of the words.
        created: the day it carries.
    """
    sites: list[Report] = []
    rows: list[Line] = []
    ids: list[str] = []
    for dossier in found:
        sites.append(report_content(dossier, world=world, lang=lang, created=created))
        rows.append(_row(dossier, lang))
        ids.append(str(dossier.site["site_id"]))
    picture = index_map(world, world.sites.loc[ids], lang)
    credit = {(row["title"], row["licence"], row["credit"]): row for site in sites for row in site["licences"]}
    first = sites[0]
    return {
        "words": first["words"],
        "method": first["method"],
        "lang": first["lang"],
        "created": first["created"],
        "licences": list(credit.values()),
        "head": {
            "data_version": first["head"]["data_version"],
            "created": first["head"]["created"],
            "told": f"{_sites(ids, lang)}. {label('atlas_told', lang)}",
        },
        "title": _title(world, ids, lang),
        "map": {"svg": picture.svg, "alt": picture.alt, "note": label("index_map_note", lang)},
        "contents": rows,
        "sites": [_own_part(site) for site in sites],
    }


def _own_part(report: Report) -> SitePart:
    """Return a report without what all of an atlas share."""
    own = {key: part for key, part in report.items() if key not in Frame.__annotations__}
    return cast("SitePart", own)


def _sites(ids: Sequence[str], lang: Language) -> str:
    return label("atlas_sites", lang).format(number=number(len(ids), 0, lang))


def _title(world: World, ids: Sequence[str], lang: Language) -> str:
    """Return the countries of the sites where they are few, else how many sites there are."""
    rows = world.sites.loc[list(ids)].drop_duplicates("country_code")
    names = [country_label(name, code, lang) for name, code in zip(rows["country"], rows["country_code"], strict=True)]
    return ", ".join(name for name in names if name) if len(names) <= MOST_COUNTRIES else _sites(ids, lang)


def _row(dossier: Dossier, lang: Language) -> Line:
    """Return a line of the contents: name, country, stage and score, "–" for a site without one."""
    site, judged = dossier.site, dossier.assessment
    country = country_label(str(site.get("country") or ""), str(site.get("country_code") or ""), lang)
    score = "–" if judged is None or judged.total is None else number(judged.total, 0, lang)
    return {"name": site_name(site, lang), "country": country, "stage": stage_label(str(site.get("stage") or ""), lang),
            "score": score}  # fmt: skip
