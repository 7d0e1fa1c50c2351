"""On which days the rules in force are others."""

import itertools

from oreway.layers.rule_days import rules_in_force


def test_the_mark_of_the_rules_changes_on_the_days_they_begin_and_on_those_after_their_last(tmp_path):
    (tmp_path / "methods").mkdir()
    rows = ["rule_id,since,until", "export,2025-10-09,", "export-pause,2025-11-07,2026-11-10"]
    (tmp_path / "methods" / "controls.csv").write_text("\n".join(rows), encoding="utf-8")
    days = ("2025-10-08", "2025-10-09", "2025-11-06", "2025-11-07", "2026-11-10", "2026-11-11", "2027-01-01")
    marks = [rules_in_force(day, tmp_path) for day in days]
    assert [one != other for one, other in itertools.pairwise(marks)] == [
        True, False, True, False, True, False,
    ]  # fmt: skip
    assert marks[1] == marks[-1]
