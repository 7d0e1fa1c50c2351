"""UNFC-2019 code of a site as text, with the reason: E (viability), F (feasibility), G (confidence); never a number."""

from oreway.scoring.judge.gates import CLOSED, GateResult
from oreway.scoring.judge.subject import Subject
from oreway.scoring.reasons import Code, Note, note, recorded
from oreway.scoring.world.criteria import words
from oreway.scoring.world.kept import kept
from oreway.scoring.world.world import World

ANY = "*"
RESERVES = {"probable", "proved", "reserve_total"}
TOTALS = ("resource_total", "reserve_total")
TONNAGES = ("reserve_mt", "resource_mt", "exploration_target_mt")


def unfc_code(world: World, subject: Subject, gates: tuple[GateResult, ...]) -> tuple[str, Note]:
    """Return (code "E;F;G", reason) by the first row of unfc.csv that fits stage, standing, setting and gates."""
    categories = {category for field in TONNAGES for category in _classes_of(subject, field)}
    has_reserve = bool(categories & RESERVES) or bool(subject.fact_rows("reserve_mt"))
    facts = {
        "stage": str(subject.site["stage"]),
        "standing": str(subject.site["standing"]),
        "setting": subject.setting,
        "has_reserve": "yes" if has_reserve else "no",
        "gate_closed": "yes" if any(gate.state == CLOSED for gate in gates) else "no",
        "has_category": "yes" if categories else "no",
    }
    for row in _rules(world):
        if all(row[key] == ANY or value in words(row[key]) for key, value in facts.items()):
            g, g_reason = _confidence(world, categories)
            return f"{row['e']};{row['f']};{g}", recorded(row["reason"]) + g_reason
    return "", note(Code.NO_UNFC_RULE)


def _classes_of(subject: Subject, field: str) -> set[str]:
    """Return the categories of a tonnage; a total that its parts make up says nothing that they do not."""
    stated = {row["category"] for row in subject.fact_rows(field)}
    parts = stated - set(TOTALS)
    return parts if len(parts) > 1 else stated


def _confidence(world: World, categories: set[str]) -> tuple[str, Note]:
    """Return the G part: every class of the stated tonnages, G4 when there is none."""
    table = _classes(world)
    found = sorted({part for name in categories if name in table for part in words(str(table[name]))})
    if not found:
        return "G4", note(Code.NO_TONNAGE)
    named = ";".join(sorted(name for name in categories if name in table))
    return "+".join(found), note(Code.TONNAGE_STATED, named)


@kept("unfc")
def _rules(world: World) -> list[dict[str, str]]:
    rows = world.methods.tables["unfc"].to_dict("records")
    return [{str(key): str(value) for key, value in row.items()} for row in rows]


@kept("unfc_g")
def _classes(world: World) -> dict[str, str]:
    rows = world.methods.tables["unfc_g"]
    return {str(category): str(g) for category, g in zip(rows["category"], rows["g"], strict=True)}
