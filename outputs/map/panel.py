"""The panel beside the map: what is known of one place, as HTML in which every word of the data is escaped."""

import datetime
import html
import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from oreway.layers.read import current
from oreway.layers.vocabulary import Confidence, FactState, PlantStatus, SiteKind, Stage
from oreway.outputs.report.contents import FactGroup, Unknown
from oreway.outputs.report.factsheet import fact_row
from oreway.outputs.report.site_content import unknown_rows
from oreway.outputs.report.verdict import verdict
from oreway.outputs.words.formatting import (
    Language,
    class_label,
    commodity_label,
    country_label,
    date_text,
    direction_label,
    gate_state,
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
from oreway.scoring.dossier.dossier import Dossier
from oreway.scoring.judge.assess import Assessment
from oreway.scoring.reasons import NOTHING, Note

PANEL = "oreway-panel"
ADDRESS = re.compile(r"""(https?://[^\s()<>"]*[^\s()<>".,;:])""")
GATE_SIGNS = {"open": "✓", "closed": "✕", "conditional": "◐", "unknown": "?", "not_applicable": "–"}
HEADLINES = (
    "reserve_mt", "resource_mt", "grade_treo_pct", "contained_reo_kt", "u_ppm", "u3o8_ppm", "water_depth_m", "area_km2",
    "capacity", "feed", "products", "planned_product", "planned_output", "output", "operator", "owner", "logical_port",
    "refined_at", "capex", "schedule", "status",
)  # fmt: skip
MOST_HEADLINES = 6
SCALE = 100.0
LADDER = tuple(stage.value for stage in Stage)
PLANT_LADDER = tuple(status.value for status in PlantStatus)[:4]


def text(value: object) -> str:
    """Return a value as HTML text: nothing in it can become a tag, an attribute or a script."""
    return html.escape(str(value), quote=True)


def prose(words: str) -> str:
    """Return a sentence as HTML text in which every address is a link named by its host."""
    parts = ADDRESS.split(words)
    return "".join(link(part, host(part)) if i % 2 else text(part) for i, part in enumerate(parts))


def host(url: str) -> str:
    """Return whose page an address is: its host without "www."."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def tag(name: str, inner: str, class_: str = "") -> str:
    """Return an element; `inner` is HTML already."""
    return f'<{name} class="{class_}">{inner}</{name}>' if class_ else f"<{name}>{inner}</{name}>"


def link(url: str, words: str) -> str:
    """Return a link that opens apart; anything but http(s) stays plain text."""
    if not url.startswith(("https://", "http://")):
        return text(words)
    return f'<a href="{text(url)}" target="_blank" rel="noreferrer">{text(words)}</a>'


def section(title: str, body: str, *, closed: bool = False) -> str:
    """Return a heading with its body, which the reader can fold."""
    opening = "<details>" if closed else "<details open>"
    return f"{opening}<summary>{text(title)}</summary>{body}</details>" if body else ""


def _names(site: Mapping[str, Any], lang: Language) -> tuple[str, list[str]]:
    main = site_name(site, lang)
    others = [site["name"], site["name_local"], site["name_ja"]]
    return main, [name for name in dict.fromkeys(others) if name and name != main]


def heading(site: Mapping[str, Any], lang: Language) -> str:
    """Return the name, its other names, and what the place is."""
    main, others = _names(site, lang)
    place = "seabed" if site["setting"] == "seabed" else ""
    kind = " · ".join(
        part for part in (
            label(site["kind"], lang), stage_label(site["stage"], lang) if site["stage"] else "",
            standing_label(site["standing"], lang), label(place, lang) if place else "",
            country_label(site["country"], site["country_code"], lang),
        ) if part
    )  # fmt: skip
    wares = [commodity_label(one.strip(), lang) for one in site["commodities"].split(";") if one.strip()]
    chips = "".join(tag("span", text(ware), "chip") for ware in wares)
    also = tag("p", text(" · ".join(others)), "also") if others else ""
    rule = str(site.get("layer_rule") or "")
    why = tag("p", text(f"{label('layer_rule', lang)}: {label(f'rule_{rule}', lang)}"), "small") if rule else ""
    return tag("h3", text(main)) + also + tag("p", text(kind), "kind") + tag("p", chips, "chips") + why


def ladder(site: Mapping[str, Any], lang: Language) -> str:
    """Return the rungs from occurrence to product, or from plan to operation, with the one reached."""
    is_plant = site["kind"] == SiteKind.PLANT
    rungs = PLANT_LADDER if is_plant else LADDER
    if site["stage"] not in rungs:
        return ""
    reached = rungs.index(site["stage"])
    steps = "".join(_rung(stage_label(rung, lang), i - reached) for i, rung in enumerate(rungs))
    note = label("ladder_note_plant" if is_plant else "ladder_note", lang)
    return tag("ol", steps, "ladder") + tag("p", text(note), "small")


def _rung(words: str, ahead: int) -> str:
    if ahead:
        return f'<li class="{"ahead" if ahead > 0 else "done"}" title="{text(words)}"></li>'
    return f'<li class="here" aria-current="step"><span>{text(words)}</span></li>'


def score(assessment: Assessment, weights: Mapping[str, float], lang: Language, order: Sequence[str] = ()) -> str:
    """Return the total with its bounds, and one bar a criterion: what it gives, and what unknowns leave open.

    Args:
        assessment: of the site.
        weights: it was judged by.
        lang: language of the words.
        order: of the bars, where that of other sites is to be kept; by weight as a rule.
    """
    if assessment.total is None:
        return tag("p", text(label("score_none", lang).format(reason=label("not_known", lang))), "small")
    low, high = assessment.total_low, assessment.total_high
    span = label("score_range", lang).format(low=_points(low), high=_points(high))
    head = (
        f'<p class="total"><b>{_points(assessment.total)}</b> {text(label("score_of", lang))} '
        f'<span class="small">{text(span)} · {text(label("coverage", lang))} {assessment.coverage:.0%}</span></p>'
    )
    known = math.fsum(weights[criterion] for criterion in assessment.contributions)
    bars = "".join(
        _bar(criterion, assessment, SCALE * weights[criterion] / known if known else 0.0, lang)
        for criterion in sorted(assessment.values, key=order.index if order else lambda one: -weights[one])
    )
    note = label("contributions_note", lang)
    return head + tag("div", bars, "bars") + tag("p", text(note), "small")


def _points(value: float | None) -> str:
    return number(math.nan if value is None else value, 0)


def _bar(criterion: str, assessment: Assessment, best: float, lang: Language) -> str:
    """Draw a criterion: solid what it gives, light what is open, on a track as long as its best."""
    low, base, high = assessment.values[criterion]  # noqa: PD011 - no frame
    words = class_label(criterion, lang, short=True)
    solid = 0.0 if base is None else base
    if base is None:
        points, most = text(label("not_known", lang)), ""
    else:
        points = number(assessment.contributions[criterion], 1, lang)
        most = f" <small>/ {number(best, 1, lang)}</small>"  # as many decimals as the points, which are never above it
    return (
        f'<div class="bar"><span>{text(words)}</span>'
        f'<i style="--l:{low:.0%};--w:{high - low:.0%};--s:{solid:.0%}"></i>'
        f"<em>{points}{most}</em></div>"
    )


def gates(assessment: Assessment, lang: Language) -> str:
    """Return the gates, each with sign, state in words, reason and source, and below them the UNFC code."""
    rows = "".join(
        f'<li class="gate {text(gate.state)}"><b>{GATE_SIGNS.get(gate.state, "?")}</b> '
        f"{text(label(gate.id, lang))}: <strong>{text(gate_state(gate.state, lang))}</strong>"
        f" <small>{_told(gate.reason, lang)} {_source(gate.source_url, '', gate.as_of, lang)}</small></li>"
        for gate in assessment.gates
        if gate.state != "not_applicable"
    )
    unfc = f"{label('unfc', lang)}: {assessment.unfc}. {note_text(assessment.unfc_reason, lang)}"
    return (tag("ul", rows, "gates") if rows else "") + (tag("p", prose(unfc), "small") if assessment.unfc else "")


def _in_language(sentence: str, spoken_in: str, lang: Language) -> str:
    """Return a sentence as HTML; one in another language than the page says so."""
    words = prose(sentence)
    return words if spoken_in == lang or not words else f'<span lang="{spoken_in}">{words}</span>'


def _told(note: Note, lang: Language) -> str:
    return _in_language(note_text(note, lang), spoken(note, lang), lang)


def _source(url: str, title: str, as_of: str, lang: Language) -> str:
    words = title or label("source", lang).lower()
    date = f" ({text(date_text(as_of, lang))})" if as_of else ""
    return f'<span class="source">{link(url, words) if url else text(title)}{date}</span>' if url or title else date


def distances(nearest: pd.DataFrame, lang: Language) -> str:
    """Return the table of what is nearest: distance, bounds, direction and notes, or the reason why there is none."""
    rows = "".join(_distance_row(row, lang) for row in nearest.to_dict("records"))
    return (
        f'<table class="near"><thead><tr><th>{text(label("nearest", lang))}</th><th></th>'
        f'<th class="n">{text(label("distance", lang))}</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _distance_row(row: Mapping[Any, Any], lang: Language) -> str:
    words = text(class_label(row["class"], lang))
    noted = prose(note_text(row.get("note", NOTHING), lang))
    if row["nil"] or not math.isfinite(row["distance_km"]):
        why = text(nil_label(row["nil"] or "unknown", lang))
        told = f"{why}<br><small>{noted}</small>" if noted else why
        return f'<tr class="nil"><th scope="row">{words}</th><td colspan="2">{told}</td></tr>'
    low, high = float(row["low_km"]), float(row["high_km"])
    wide = math.isfinite(low) and math.isfinite(high) and high - low > 0.05 * max(row["distance_km"], 1)
    span = f"<br><small>{text(km(low, lang))} – {text(km(high, lang))}</small>" if wide else ""
    way = direction_label(float(row["azimuth_deg"]), lang)
    hint = text(f"{row['source']} ({date_text(row['as_of'], lang)})")
    note = f"<br><small>{noted}</small>" if noted else ""
    return (
        f'<tr><th scope="row">{words}</th><td title="{hint}">{text(place_name(row, lang))}{note}</td>'
        f'<td class="n">{text(km(row["distance_km"], lang))} {text(way)}{span}</td></tr>'
    )


def fact_list(rows: Iterable[Mapping[str, Any]], lang: Language, *, once: bool = False) -> str:
    """Return rows of `outputs.report.factsheet` as a definition list: value, category and doubts, source and date.

    Args:
        rows: the facts.
        lang: language of the words.
        once: tell one source and date of several facts in a row once, below the last of them.
    """
    out = []
    for row, after in itertools.pairwise([*rows, {}]):
        parts = [text(row["category"]), text(row["marks"]), _in_language(row["note"], row["spoken"], lang)]
        marks = " · ".join(part for part in parts if part)
        marks = f" <small>{marks}</small>" if marks else ""
        source = link(row["url"], row["source"]) if row["url"] else text(row["source"])
        same = once and all(row[key] == after.get(key) for key in ("url", "source", "as_of"))
        where = "" if same else f"<br>{_fact_source(row, source, lang)}"
        past = ' class="past"' if row["state"] == FactState.SUPERSEDED else ""
        out.append(f"<dt{past}>{text(row['fact'])}</dt><dd{past}>{text(row['value'])}{marks}{where}</dd>")
    return tag("dl", "".join(out), "facts") if out else ""


def _fact_source(row: Mapping[str, Any], source: str, lang: Language) -> str:
    tongue = "" if row["source_spoken"] == lang else f' lang="{row["source_spoken"]}"'
    named = f"<span{tongue}>{source}</span>" if tongue else source
    return f'<span class="source">{named} ({text(row["as_of"])})</span>'


def fact_sheet(sheet: Iterable[FactGroup], lang: Language = "en") -> str:
    """Return every fact of a site by theme (`outputs.report.factsheet.factsheet`), all but the first theme folded."""
    parts = [
        section(f"{group['title']} ({len(group['rows'])})", fact_list(group["rows"], lang), closed=number > 0)
        for number, group in enumerate(sheet)
    ]
    return tag("div", "".join(parts), PANEL)


def unknown_list(rows: Iterable[Unknown], lang: Language = "en") -> str:
    """Return what is not known (`site_content.unknown_rows`) as a list, each with its reason and address."""
    return tag("div", unknown_items(rows, lang), PANEL)


def unknown_items(rows: Iterable[Unknown], lang: Language) -> str:
    """Return the list of `unknown_list` alone; "" where there is nothing to say."""
    items = "".join(
        f"<li><b>{text(row['subject'])}</b>{': ' if row['reason'] else ''}"
        f"{_in_language(row['reason'], row['spoken'], lang)} {_source(row['url'], '', '', lang)}</li>"
        for row in rows
    )
    return tag("ul", items) if items else ""


def headlines(facts: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the few current facts that say most, in a fixed order; the rest are on the site's own page."""
    ranks = {field: i for i, field in enumerate(HEADLINES)}
    known = current(facts[facts["field"].isin(HEADLINES) & (facts["confidence"] != Confidence.GAP)])
    rows = known.assign(rank=known["field"].map(ranks)).sort_values("rank", kind="stable").to_dict("records")
    seen: dict[str, int] = {}
    kept = []
    for row in rows:
        seen[row["field"]] = seen.get(row["field"], 0) + 1
        if seen[row["field"]] <= 2:
            kept.append(row)
    return kept[:MOST_HEADLINES]


def site_panel(
    dossier: Dossier, weights: Mapping[str, float], created: datetime.date, lang: Language = "en", *,
    with_facts: bool = True,
) -> str:  # fmt: skip
    """Return the panel of one site.

    Args:
        dossier: everything known of the site.
        weights: weight by criterion of the profile the site was scored with, summing to 1; empty when not scored.
        created: the day the page is made; facts are old or not by it.
        lang: language of the words; facts stay as recorded.
        with_facts: with the facts that say most and what is not known; the site's own page has all of them.
    """
    judged = dossier.assessment
    parts = [heading(dossier.site, lang), tag("p", text(verdict(dossier, lang)), "verdict")]
    if judged is not None:
        parts.append(section(label("score", lang), score(judged, weights, lang)))
        parts.append(section(label("gates", lang), gates(judged, lang)))
    is_plant = dossier.site["kind"] == SiteKind.PLANT
    parts.append(section(label("ladder_plant" if is_plant else "ladder", lang), ladder(dossier.site, lang)))
    others = dossier.nearest[dossier.nearest["feature_id"] != dossier.site.get("site_id")]
    parts.append(section(label("distances", lang), distances(others, lang)))
    if with_facts:
        parts.append(section(label("not_known_heading", lang), unknown_items(unknown_rows(dossier, lang), lang)))
        shown = [fact_row(row, {}, created, lang) | {"note": ""} for row in headlines(dossier.facts)]
        parts.append(section(label("facts", lang), fact_list(shown, lang, once=True)))
    return tag("div", "".join(parts), PANEL)


def point_title(lon: float, lat: float) -> str:
    """Return where a point lies, in degrees to three decimals (110 m)."""
    ns, ew = ("N" if lat >= 0 else "S"), ("E" if lon >= 0 else "W")
    return f"{abs(lat):.3f}° {ns}, {abs(lon):.3f}° {ew}"


def point_panel(dossier: Dossier, weights: Mapping[str, float], lang: Language = "en") -> str:
    """Return the panel of any other point on Earth: where it is, its score with reasons, and what is nearest.

    Args:
        dossier: everything known of the point, judged as a site of which nothing is on record.
        weights: as for `site_panel`.
        lang: language of the words.
    """
    site, judged = dossier.site, dossier.assessment
    place = label("seabed", lang) if site["setting"] == "seabed" else ""
    country = country_label(str(site["country"]), str(site["country_code"]), lang) if site["country_code"] else ""
    kind = " · ".join(part for part in (place, country) if part)
    parts = [
        tag("h3", text(point_title(float(str(site["lon"])), float(str(site["lat"]))))),
        tag("p", text(kind), "kind"),
    ]
    if judged is not None:
        note = tag("p", text(label("point_note", lang)), "small")
        parts.append(section(label("score", lang), score(judged, weights, lang) + note))
    parts.append(section(label("distances", lang), distances(dossier.nearest, lang)))
    parts.append(section(label("not_known_heading", lang), unknown_items(unknown_rows(dossier, lang), lang)))
    return tag("div", "".join(parts), PANEL)
