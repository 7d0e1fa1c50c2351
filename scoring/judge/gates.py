"""Gates: legal, radiological and technical conditions beside the score, never averaged into it."""

import dataclasses

from oreway.layers.schema import as_number
from oreway.scoring.judge.subject import Subject
from oreway.scoring.reasons import Code, Note, joined, note, recorded
from oreway.scoring.world.criteria import Gate, words
from oreway.scoring.world.world import World

CLOSED, CONDITIONAL, UNKNOWN, OPEN, NOT_APPLICABLE = "closed", "conditional", "unknown", "open", "not_applicable"
STRICTEST_FIRST = (CLOSED, CONDITIONAL, UNKNOWN, OPEN)


@dataclasses.dataclass(frozen=True, kw_only=True)
class GateResult:
    """What is known of one gate at one site, with the reason and its source."""

    id: str
    state: str
    reason: Note
    source_url: str
    as_of: str


def judge_gates(world: World, subject: Subject) -> tuple[GateResult, ...]:
    """Return one result a gate that applies to the site or has evidence; missing evidence is unknown, never open."""
    stated, site = subject.fact_rows("gate"), subject.site
    place = str(site["country_code"]), subject.setting, str(site["kind"])
    asked = {gate.id for gate in gates_of(world, *place, str(site["commodities"]))}
    results = []
    for gate in world.gates:
        rows = [row for row in stated if row["category"] == gate.id]
        if rows:
            results.append(_from_facts(gate.id, rows))
        elif gate.id in asked:
            results.append(_from_uranium(world, gate, subject) or _missing(gate))
    ids = {gate.id for gate in world.gates}
    others = dict.fromkeys(row["category"] for row in stated if row["category"] not in ids)
    extra = [_from_facts(name, [row for row in stated if row["category"] == name]) for name in others]
    return (*results, *extra)


def gates_of(world: World, country_code: str, setting: str, kind: str, commodities: str) -> tuple[Gate, ...]:
    """Return the gates that have to be judged in a place, of a kind of site, for a ";" list of commodities."""
    asked = country_code, setting, kind, words(commodities)
    return tuple(gate for gate in world.gates if gate.applies(*asked))


def _from_facts(gate_id: str, rows: list[dict[str, str]]) -> GateResult:
    """Take the strictest of the stated values; where sources differ the reason names them all."""
    known = [row for row in rows if row["value"] in STRICTEST_FIRST]
    if not known:
        reason = joined([recorded(row["note"] or row["value"]) for row in rows])
        return GateResult(id=gate_id, state=UNKNOWN, reason=reason, source_url=rows[0]["source_url"], as_of="")
    chosen = min(known, key=lambda row: STRICTEST_FIRST.index(row["value"]))
    others = [row for row in known if row["value"] != chosen["value"]]
    also = joined([note(Code.OTHER_SOURCE, row["value"], recorded(row["note"])) for row in others])
    return GateResult(
        id=gate_id, state=chosen["value"], reason=recorded(chosen["note"]) + also,
        source_url=chosen["source_url"], as_of=chosen["as_of"],
    )  # fmt: skip


def _from_uranium(world: World, gate: Gate, subject: Subject) -> GateResult | None:
    """Judge a uranium limit by a published figure: at or above it closed, below it conditional, never open."""
    if gate.closed_at_ppm_u is None:
        return None
    for field in gate.fact_fields:
        factor = world.methods.parameters["uranium_per_u3o8"] if field.startswith("u3o8") else 1.0
        for row in subject.fact_rows(field):
            found = as_number(row["value"])
            if found is None:
                continue
            ppm = found * factor
            closed = ppm >= gate.closed_at_ppm_u
            reason = note(Code.URANIUM_ABOVE if closed else Code.URANIUM_BELOW, ppm, gate.closed_at_ppm_u)
            return GateResult(
                id=gate.id, state=CLOSED if closed else CONDITIONAL, reason=reason,
                source_url=row["source_url"], as_of=row["as_of"],
            )  # fmt: skip
    return None


def _missing(gate: Gate) -> GateResult:
    return GateResult(
        id=gate.id, state=UNKNOWN, reason=recorded(gate.reason_missing), source_url=gate.source_url, as_of=gate.as_of
    )


def gate_text(gates: tuple[GateResult, ...]) -> str:
    """Return the gates as one text: id=state; id=state."""
    return "; ".join(f"{gate.id}={gate.state}" for gate in gates)
