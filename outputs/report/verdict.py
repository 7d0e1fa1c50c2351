"""The report's paragraph in plain words, put together from what is on record and nothing else."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from oreway.outputs.words.formatting import (
    Language,
    commodity_label,
    country_label,
    joined,
    kilometres,
    km,
    label,
    note_text,
    number,
    site_name,
    spoken,
    stage_label,
    standing_label,
)
from oreway.outputs.words.translation import LANGUAGES, SOURCE
from oreway.scoring.dossier.dossier import Dossier
from oreway.scoring.judge.gates import GateResult
from oreway.scoring.reasons import Code, note

NETWORKS = ("road", "rail", "power")
MOST_COMMODITIES = 3


def words(text: object) -> list[str]:
    """Return the parts of a ";" list."""
    return [part.strip() for part in str(text or "").split(";") if part.strip()]


def verdict(dossier: Dossier, lang: Language = "en") -> str:
    """Return what the site is, what is near, what must be built, which gates stand, and how far the score carries."""
    parts = [identity(dossier.site, lang), *_ports(dossier.nearest, lang), *_networks(dossier.nearest, lang)]
    parts += _gates(dossier, lang)
    parts += _score(dossier, lang)
    return LANGUAGES[lang].gap.join(part for part in parts if part)


def identity(site: Mapping[str, Any], lang: Language) -> str:
    """Return what the site is and where, at which stage, as a sentence."""
    symbols = words(site.get("commodities"))[:MOST_COMMODITIES]
    commodities = joined([commodity_label(symbol, lang) for symbol in symbols], lang) or label("minerals", lang)
    kind = str(site.get("kind") or "deposit")
    what = str(site.get("occurrence_type") or kind) if kind == "deposit" else kind
    noun = label(f"a_{what}", lang).format(commodities=commodities)
    if lang == SOURCE:
        noun = re.sub(r"^a (?=[aeiou])", "an ", noun)
    country = country_label(str(site.get("country", "")), str(site.get("country_code", "")), lang)
    frame = label("v_is_sea" if site.get("setting") == "seabed" else "v_is", lang)
    sentence = frame.format(name=site_name(site, lang), kind=noun, country=country)
    stage, standing = str(site.get("stage") or ""), str(site.get("standing") or "")
    if stage:
        sentence += LANGUAGES[lang].clause + label(
            "v_status" if site.get("kind") == "plant" else "v_stage", lang
        ).format(stage=stage_label(stage, lang))
    if standing and standing not in {"unknown", stage}:
        sentence += LANGUAGES[lang].gap + label("v_standing", lang).format(standing=standing_label(standing, lang))
    return sentence + label("sentence_end", lang)


def _row(nearest: pd.DataFrame, infrastructure_class: str) -> Mapping[str, Any] | None:
    rows = nearest[(nearest["class"] == infrastructure_class) & (nearest["nil"] == "") & nearest["distance_km"].notna()]
    return None if rows.empty else {str(key): value for key, value in rows.iloc[0].items()}


def _ports(nearest: pd.DataFrame, lang: Language) -> list[str]:
    port, deep = _row(nearest, "port"), _row(nearest, "deep_water_port")
    if port is None:
        return [label("v_port_none", lang)]
    same = deep is not None and deep["feature_id"] == port["feature_id"]
    sentences = [
        label("v_port_deep" if same else "v_port", lang).format(
            name=_told(port, lang),
            distance=km(port["distance_km"], lang),
            low=kilometres(port["low_km"], lang),
            high=km(port["high_km"], lang),
        )
    ]
    if deep is not None and not same:
        sentences.append(
            label("v_deep_port", lang).format(name=_told(deep, lang), distance=km(deep["distance_km"], lang))
        )
    return sentences


def _told(port: Mapping[str, Any], lang: Language) -> str:
    """Return a port's name, and that it lies across water where it does."""
    return f"{port['name']} ({note_text(note(Code.ACROSS), lang)})" if port.get("across") else str(port["name"])


def _networks(nearest: pd.DataFrame, lang: Language) -> list[str]:
    sentences = []
    for nil, key, last in (
        ("absent_network", "v_absent", "or"),
        ("inapplicable", "v_inapplicable", "and"),
        ("unknown", "v_unknown", "and"),
    ):
        rows = nearest[(nearest["nil"] == nil) & nearest["class"].isin(NETWORKS)]
        names = [label(f"net_{name}", lang) for name in rows["class"]]
        if names:
            sentences.append(label(key, lang).format(networks=joined(names, lang, last=last)))
    return sentences


def _gates(dossier: Dossier, lang: Language) -> list[str]:
    if dossier.assessment is None or not dossier.assessment.gates:
        return []
    gates = dossier.assessment.gates
    sentences = [_closed(gate, lang) for gate in gates if gate.state == "closed"]
    for state in ("conditional", "unknown"):
        names = [label(gate.id, lang) for gate in gates if gate.state == state]
        if names:
            sentences.append(label(f"v_gate_{state}", lang).format(gates=joined(names, lang)))
    return sentences or [label("v_gates_open", lang)]


def _closed(gate: GateResult, lang: Language) -> str:
    """Return a closed gate with its reason; one a source wrote in another language stands under the gates alone."""
    if spoken(gate.reason, lang) != lang:
        return label("v_gate_closed_plain", lang).format(gate=label(gate.id, lang))
    return label("v_gate_closed", lang).format(
        gate=label(gate.id, lang), reason=note_text(gate.reason, lang).rstrip(".。")
    )


def _score(dossier: Dossier, lang: Language) -> list[str]:
    found = dossier.assessment
    if found is None or found.total is None or found.total_low is None or found.total_high is None:
        return [label("v_scope_plant", lang)] if dossier.site.get("kind") == "plant" else []
    sentence = label("v_score", lang).format(
        total=number(found.total, 0, lang),
        low=number(found.total_low, 0, lang),
        high=number(found.total_high, 0, lang),
        coverage=number(100 * found.coverage, 0, lang),
    )
    return [sentence, label("v_scope", lang)]
