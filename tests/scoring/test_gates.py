import pytest

from oreway.outputs.words.reason_texts import plain_text
from oreway.scoring.judge.assess import assess, score_table
from oreway.scoring.measure.measure import measure


def judged(make, rows, **changes):
    made = make["site"]("gl-site", -45.5, 61, "GL", "arctic", **changes)
    world = make["world"](sites=make["sites"]([made]), facts=make["facts"]([{"site_id": "gl-site", **r} for r in rows]))
    return assess(world, measure(world))["gl-site"]


def state(one, gate_id):
    return {gate.id: gate for gate in one.gates}[gate_id]


def test_missing_evidence_is_unknown_and_never_a_pass(make):
    one = judged(make, [])
    assert {gate.state for gate in one.gates} == {"unknown"}
    assert {gate.id for gate in one.gates} == {"uranium_act", "protected_area", "process_unproven", "no_consent"}
    assert all(gate.reason for gate in one.gates)


def test_the_strictest_of_conflicting_statements_holds_and_both_are_told(tiny):
    gate = state(assess(tiny, measure(tiny, ["gl-fjord"]))["gl-fjord"], "no_consent")
    assert gate.state == "closed"
    assert "refused" in plain_text(gate.reason)
    assert "claimed" in plain_text(gate.reason)


@pytest.mark.parametrize(
    ("field", "ppm", "expected"),
    [("u_ppm", "226", "closed"), ("u_ppm", "100", "closed"), ("u_ppm", "99", "conditional"),
     ("u3o8_ppm", "118", "closed"), ("u3o8_ppm", "117", "conditional")],
)  # fmt: skip
def test_uranium_is_judged_at_a_hundred_ppm_of_the_element(make, field, ppm, expected):
    one = judged(make, [{"field": field, "value": ppm, "unit": "ppm"}])
    assert state(one, "uranium_act").state == expected


def test_a_table_tells_every_gate_with_its_state(tiny):
    gates = score_table(tiny, site_ids=["gl-fjord", "jp-mud"]).set_index("site_id")["gates"]
    assert "no_consent=closed" in gates["gl-fjord"].split("; ")
    assert "uranium_act=unknown" in gates["gl-fjord"].split("; ")


def test_a_gap_is_no_evidence(make):
    one = judged(make, [{"field": "u_ppm", "value": "", "confidence": "gap"}])
    assert state(one, "uranium_act").state == "unknown"


def test_the_act_of_greenland_does_not_bind_australia(tiny):
    one = assess(tiny, measure(tiny, ["au-inland"]))["au-inland"]
    assert "uranium_act" not in {gate.id for gate in one.gates}


def test_gates_never_enter_the_total(make):
    closed = [{"field": "gate", "category": "no_consent", "value": "closed", "note": "no"}]
    assert judged(make, closed).total == judged(make, []).total


@pytest.mark.parametrize(
    ("changes", "rows", "code"),
    [
        ({"stage": "producing"}, [{"field": "reserve_mt", "category": "proved", "value": "1"}], "E1.1;F1.1;G1"),
        ({"stage": "construction"}, [], "E1.1;F1.2;G4"),
        ({"stage": "fs"}, [{"field": "reserve_mt", "category": "probable", "value": "1"}], "E1;F1.3;G2"),
        ({"stage": "pfs"}, [{"field": "resource_mt", "category": "inferred", "value": "1"}], "E2;F2.1;G3"),
        ({"stage": "pfs", "standing": "on_hold"}, [], "E2;F2.2;G4"),
        ({"stage": "resource", "standing": "unknown"}, [], "E3.2;F2.3;G4"),
        ({"stage": "fs", "standing": "barred"}, [], "E3.3;F2.3;G4"),
        ({"stage": "occurrence"}, [], "E3.2;F3;G4"),
        ({"stage": "fs"}, [{"field": "gate", "category": "uranium_act", "value": "closed"}], "E3.3;F2.3;G4"),
    ],
)
def test_the_unfc_code_follows_stage_standing_reserve_and_gates(make, changes, rows, code):
    one = judged(make, rows, **changes)
    assert one.unfc == code
    assert one.unfc_reason


def test_mud_under_pilot_is_f4(tiny):
    assert assess(tiny, measure(tiny, ["jp-mud"]))["jp-mud"].unfc == "E3.2;F4.1;G4"
