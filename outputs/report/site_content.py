"""What a report says, as plain texts and numbers: the PDF and the HTML page print the same content."""

import datetime
import math
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from oreway.layers.vocabulary import Confidence, Nil, PlantStatus, SiteKind, Stage
from oreway.outputs.pictures.figure_content import Nothing
from oreway.outputs.pictures.figures import locator
from oreway.outputs.pictures.ground_profiles import profile_content
from oreway.outputs.pictures.map_window import targets
from oreway.outputs.pictures.polar import polar_inset
from oreway.outputs.report.contents import (
    Contribution,
    Distance,
    Gate,
    Head,
    Ladder,
    NoScore,
    Polar,
    Report,
    Score,
    Unfc,
    Unknown,
)
from oreway.outputs.report.data_credits import credit_rows
from oreway.outputs.report.factsheet import STALE_MONTHS, factsheet
from oreway.outputs.report.judgement_content import judgement_content
from oreway.outputs.report.said_content import said_content
from oreway.outputs.report.verdict import verdict, words
from oreway.outputs.words.chain_texts import CHAIN
from oreway.outputs.words.claims_texts import CLAIMS
from oreway.outputs.words.formatting import (
    Language,
    class_label,
    commodity_label,
    country_label,
    date_text,
    direction_label,
    fact_label,
    kilometres,
    km,
    label,
    nil_label,
    note_text,
    number,
    place_name,
    site_name,
    spoken,
    stage_label,
    standing_label,
)
from oreway.outputs.words.judgement_texts import JUDGEMENT
from oreway.outputs.words.price_texts import PRICE
from oreway.outputs.words.report_texts import METHOD_LINES, REPORT
from oreway.outputs.words.translation import LANGUAGES, translated
from oreway.scoring.dossier.dossier import Dossier
from oreway.scoring.dossier.judgement import judgement
from oreway.scoring.judge.assess import Assessment
from oreway.scoring.reasons import NOTHING, Code, Note, note, recorded
from oreway.scoring.world.world import World

ADDRESS = re.compile(r"\s*\(?(?P<url>https?://[^\s()]+)\)?")
PLANT_RUNGS = (PlantStatus.PLANNED, PlantStatus.BUILDING, PlantStatus.COMMISSIONING, PlantStatus.OPERATING)


def report_content(dossier: Dossier, *, world: World, lang: Language = "en", created: datetime.date) -> Report:
    """Return everything a report prints, in its order, in one language; numbers for bars are 0 to 100."""
    picture = locator(dossier, world, lang)
    judged = judgement(world, dossier)
    return {
        "lang": lang,
        "created": [created.year, created.month, created.day],
        "words": report_words(lang),
        "head": _head(dossier, lang, created),
        "verdict": verdict(dossier, lang),
        "ladder": _ladder(dossier.site, lang),
        "map": {
            "svg": picture.svg,
            "alt": _map_alt(dossier, picture.radius_km, lang),
            "note": _map_note(dossier, picture.seen, lang),
        },
        "score": score_content(dossier.assessment, lang),
        "gates": gate_rows(dossier.assessment, lang),
        "unfc": _unfc(dossier.assessment, lang),
        "distances": [distance_row(row, lang) for row in _records(_others(dossier))],
        "contributions": contribution_rows(dossier.assessment, world, lang),
        "profile": profile_content(dossier, lang),
        "polar": _polar(dossier, world, lang),
        **judgement_content(judged, world=world, created=created, lang=lang),
        "debate": said_content(str(dossier.site.get("site_id") or ""), lang),
        "unknown": unknown_rows(dossier, lang),
        "facts": factsheet(dossier.facts, _names(world), created, lang),
        "method": [translated(line, lang) for line in METHOD_LINES],
        "licences": credit_rows(dossier, world),
    }


def _polar(dossier: Dossier, world: World, lang: Language) -> Polar | Nothing:
    """Return where a site lies in Greenland, as a small picture; nothing for other countries."""
    chart = polar_inset(dossier, world, lang)
    if chart is None:
        return Nothing()
    return {"title": label("polar_view", lang), "svg": chart.svg, "alt": chart.alt, "width": chart.width_mm}


def _others(dossier: Dossier) -> pd.DataFrame:
    """Return what is nearest without the site itself: a plant is not its own refinery."""
    return dossier.nearest[dossier.nearest["feature_id"] != dossier.site.get("site_id")]


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _names(world: World) -> dict[str, str]:
    return {str(site_id): str(name) for site_id, name in world.sites["name"].items()}


def report_words(lang: Language) -> dict[str, str]:
    """Return the words the templates print, by key."""
    words = {key: translated(words, lang) for key, words in (REPORT | JUDGEMENT | CHAIN | CLAIMS | PRICE).items()}
    notes = [label("facts_note", lang).format(months=STALE_MONTHS), label("superseded_note", lang)]
    return words | {"facts_note": LANGUAGES[lang].gap.join(notes)}


def position_text(lon: float, lat: float, accuracy_km: float, lang: Language) -> str:
    """Return a position with as many decimals as its accuracy carries."""
    digits = 3 if accuracy_km < 1 else 2
    north, east = ("N" if lat >= 0 else "S"), ("E" if lon >= 0 else "W")
    return f"{abs(lat):.{digits}f}° {north}, {abs(lon):.{digits}f}° {east} ± {km(accuracy_km, lang)}"


def _head(dossier: Dossier, lang: Language, created: datetime.date) -> Head:
    site = dossier.site
    kind, standing = str(site.get("kind") or ""), str(site.get("standing") or "")
    stage, rule = str(site.get("stage") or ""), str(site.get("layer_rule") or "")
    name_ja, local = str(site.get("name_ja") or ""), str(site.get("name_local") or "")
    name = site_name(site, lang)
    state = stage_label(stage, lang)
    if standing not in {"", "unknown", stage}:
        state += f" ({standing_label(standing, lang)})"
    facts = [
        (label("country", lang), country_label(str(site.get("country", "")), str(site.get("country_code", "")), lang)),
        (label("kind", lang), label(kind, lang)),
        (label("stage", lang), state if stage else ""),
        (label("commodities", lang), _list(site, "commodities", lang)),
        (label("host_minerals", lang), ", ".join(words(site.get("host_minerals")))),
        (label("chain_stages", lang), _list(site, "chain_stages", lang)),
        (label("feeds", lang), _list(site, "feeds", lang)),
        (label("gives", lang), _list(site, "products", lang)),
        (label("position", lang), _position(site, lang)),
        (label("also", lang), ", ".join(words(site.get("aliases"))[:4])),
        (label("layer_rule", lang), label(f"rule_{rule}", lang) if rule else ""),
    ]
    return {
        "name": name,
        "other_names": list(dict.fromkeys(one for one in (str(site["name"]), local, name_ja) if one and one != name)),
        "site_id": str(site.get("site_id", "")),
        "facts": [[key, value] for key, value in facts if value],
        "summary": str(site.get("summary") or ""),
        "created": date_text(created, lang),
        "data_version": dossier.data_version,
    }


def _list(site: Mapping[str, Any], column: str, lang: Language) -> str:
    found = words(site.get(column))
    if column == "commodities":
        return ", ".join(commodity_label(word, lang) for word in found)
    return ", ".join(label(word, lang) for word in found)


def _position(site: Mapping[str, Any], lang: Language) -> str:
    accuracy = float(site.get("position_accuracy_km") or math.nan)
    kind = label(str(site.get("geometry_kind") or ""), lang)
    text = position_text(float(site["lon"]), float(site["lat"]), accuracy, lang)
    return f"{text} ({kind})" if kind else text


def _ladder(site: Mapping[str, Any], lang: Language) -> Ladder:
    plant = site.get("kind") == SiteKind.PLANT
    rungs = [str(rung) for rung in (PLANT_RUNGS if plant else Stage)]
    stage = str(site.get("stage") or "")
    here = rungs.index(stage) if stage in rungs else -1
    standing = str(site.get("standing") or ("" if here >= 0 else stage))
    said = nil_label("unknown", lang) if standing == "unknown" else standing_label(standing, lang)
    return {
        "title": label("ladder_plant" if plant else "ladder", lang),
        "rungs": [
            {"label": stage_label(rung, lang), "state": "here" if i == here else "past" if i < here else "next"}
            for i, rung in enumerate(rungs)
        ],
        "standing": f"{label('standing', lang)}: {said}" if standing else "",
        "note": label("ladder_note_plant" if plant else "ladder_note", lang) if stage else label("ladder_none", lang),
    }


def _map_note(dossier: Dossier, seen: tuple[str, ...], lang: Language) -> str:
    accuracy = km(float(str(dossier.site.get("position_accuracy_km") or math.nan)), lang)
    notes = [label("map_note", lang).format(accuracy=accuracy), *(label(f"seen_{key}", lang) for key in seen)]
    return LANGUAGES[lang].gap.join(notes)


def _map_alt(dossier: Dossier, radius_km: float, lang: Language) -> str:
    places = [
        f"{place.name or class_label(place.classes[0], lang, short=True)}: {km(place.distance_km, lang)} "
        f"{direction_label(place.azimuth_deg, lang)}"
        for place in targets(dossier)
    ]
    return label("map_alt", lang).format(
        site=dossier.site["name"], radius=kilometres(radius_km, lang), places="; ".join(places)
    )


def score_content(found: Assessment | None, lang: Language) -> Score | NoScore:
    """Return total, bounds and coverage as texts and numbers, or why there is no score."""
    if found is None or found.total is None or found.total_low is None or found.total_high is None:
        return {"none": label("score_none", lang).format(reason=label("score_not_scored", lang))}
    low, high = number(found.total_low, 0, lang), number(found.total_high, 0, lang)
    return {
        "none": "",
        "total": found.total,
        "low": found.total_low,
        "high": found.total_high,
        "text": number(found.total, 0, lang),
        "sum": number(found.total, 1, lang),
        "range": label("score_range", lang).format(low=low, high=high),
        "coverage": f"{number(100 * found.coverage, 0, lang)} %",
        "profile": label("score_profile", lang).format(profile=label(found.profile, lang)),
    }


def gate_rows(found: Assessment | None, lang: Language) -> list[Gate]:
    """Return the gates with state, reason, date and source."""
    return [
        {
            "name": label(gate.id, lang),
            "state": gate.state,
            "word": nil_label("unknown", lang) if gate.state == "unknown" else label(gate.state, lang),
            "reason": note_text(gate.reason, lang),
            "spoken": spoken(gate.reason, lang),
            "as_of": date_text(gate.as_of, lang),
            "url": gate.source_url,
        }
        for gate in (found.gates if found is not None else ())
    ]


def _unfc(found: Assessment | None, lang: Language) -> Unfc | Nothing:
    if found is None or not found.unfc:
        return Nothing()
    return {"code": found.unfc, "reason": note_text(found.unfc_reason, lang)}


def distance_row(row: Mapping[str, Any], lang: Language) -> Distance:
    """Return one row of `nearest` as texts."""
    present = row["nil"] == "" and not math.isnan(row["distance_km"])
    address = ADDRESS.search(str(row["source"] or ""))
    dated = date_text(str(row["as_of"] or ""), lang)
    source = ", ".join(part for part in (ADDRESS.sub("", str(row["source"] or "")), dated) if part)
    return {
        "class": class_label(str(row["class"]), lang),
        "name": place_name(row, lang) if present else "",
        "distance": kilometres(row["distance_km"], lang) if present else _nil(row, lang),
        "range": f"{kilometres(row['low_km'], lang)}–{kilometres(row['high_km'], lang)}" if present else "",
        "direction": direction_label(row["azimuth_deg"], lang) if present and row["distance_km"] > 0 else "",
        "method": label(str(row["method"]), lang) if present else "",
        "nil": "" if present else str(row["nil"] or "unknown"),
        "source": source,
        "url": address.group("url") if address else "",
        "note": note_text(row.get("note", NOTHING), lang),
    }


def _nil(row: Mapping[str, Any], lang: Language) -> str:
    """Return why there is no distance: nobody builds a town, so none is simply not there."""
    if row["class"] == "town" and row["nil"] == Nil.ABSENT_NETWORK:
        return note_text(note(Code.NONE_FOUND), lang)
    return nil_label(str(row["nil"] or "unknown"), lang)


def _possible(found: Assessment, world: World) -> dict[str, float]:
    """Return the points each criterion of a known weight profile could give; empty for the user's own weights."""
    weights = world.methods.weights.get(found.profile, {})
    known = math.fsum(weights.get(name, 0.0) for name in found.contributions)
    return {name: 100 * weights[name] / known for name in found.contributions if name in weights and known > 0}


def contribution_rows(found: Assessment | None, world: World, lang: Language) -> list[Contribution]:
    """Return what each criterion gives, with bars scaled to the widest, the weightiest first."""
    if found is None:
        return []
    possible = _possible(found, world)
    rows: list[Contribution] = []
    for name, (low, base, high) in found.values.items():  # noqa: PD011 - a mapping, not a frame
        points = found.contributions.get(name)
        span = f" ({number(low, 2, lang)}–{number(high, 2, lang)})" if high - low >= 0.005 else ""
        rows.append(
            {
                "name": label(name, lang),
                "value": f"{number(base, 2, lang)}{span}" if base is not None else nil_label("unknown", lang),
                "id": name,
                "points": points,
                "text": number(points, 1, lang) if points is not None else nil_label("unknown", lang),
                "of": number(possible[name], 1, lang) if name in possible else "",
                "bar": points or 0.0,
                "room": possible.get(name, points or 0.0),
            }
        )
    widest = max([row["room"] for row in rows], default=0.0) or 1.0
    scaled: list[Contribution] = [
        {**row, "bar": 100 * row["bar"] / widest, "room": 100 * row["room"] / widest} for row in rows
    ]
    return sorted(scaled, key=lambda row: (-row["room"], row["name"]))


def unknown_rows(dossier: Dossier, lang: Language) -> list[Unknown]:
    """Return what is not known and why: classes, criteria, gates and facts that were looked for and not found."""
    found = dossier.assessment
    rows = [row for row in _records(dossier.nearest) if row["nil"] == "unknown"]
    items: list[tuple[str, Note, str]] = [
        (class_label(str(row["class"]), lang), row.get("note", NOTHING), "") for row in rows
    ]
    if found is not None:
        unmeasured = [name for name in found.missing if name not in {row["class"] for row in rows}]
        items += [(label(name, lang), recorded(label("any_value", lang)), "") for name in unmeasured]
        items += [
            (label(gate.id, lang), gate.reason, gate.source_url) for gate in found.gates if gate.state == "unknown"
        ]
    gaps = [row for row in _records(dossier.facts) if row["confidence"] == Confidence.GAP]
    items += [
        (fact_label(str(row["field"]), lang), recorded(str(row["note"])), str(row["source_url"] or "")) for row in gaps
    ]
    return [
        {
            "subject": subject[:1].upper() + subject[1:],
            "reason": note_text(reason, lang),
            "spoken": spoken(reason, lang),
            "url": url,
        }
        for subject, reason, url in dict.fromkeys(items)
    ]
