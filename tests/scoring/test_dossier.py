import json

import pytest

from oreway.outputs.words.reason_texts import plain_text
from oreway.scoring.dossier.dossier import dossier
from oreway.scoring.errors import ScoringError


def test_a_dossier_holds_site_facts_distances_and_judgement(tiny):
    found = dossier(tiny, "gl-fjord")
    assert found.site["site_id"] == "gl-fjord"
    assert set(found.facts["site_id"]) == {"gl-fjord"}
    assert len(found.nearest) == 10
    assert found.assessment is not None
    assert found.data_version == "test"


def test_notes_say_what_is_not_known(tiny):
    notes = [plain_text(one) for one in dossier(tiny, "gl-fjord").notes]
    assert any(note.startswith("Water source") for note in notes)
    assert any("uranium_act" in note for note in notes)


def test_an_island_is_described_but_not_judged(tiny):
    assert dossier(tiny, "jp-islet").assessment is None


def test_plain_values_of_the_site_can_be_written_as_json(tiny):
    site = dict(dossier(tiny, "au-inland").site)
    site.pop("geometry")
    assert json.loads(json.dumps(site))["lon"] == 5


def test_an_unknown_site_is_refused(tiny):
    with pytest.raises(ScoringError, match="not known"):
        dossier(tiny, "gl-nowhere")
