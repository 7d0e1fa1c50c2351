"""Several services and layers in one refresh: what fails spoils nothing else."""

import pytest

from oreway.layers.online import refresh as online
from oreway.layers.online.refresh import OfflineError, OnlineError
from tests.layers.stub_service import HTML, KVANEFJELD, Reply, Stub, arcgis, service, sites, untouched


def test_without_a_network_there_is_one_message_and_nothing_is_changed(stub, tmp_path, opener, older):
    gone = Stub()
    gone.close()
    both = [service(gone, "arcgis"), service(gone, "overpass", "power")]
    with pytest.raises(OfflineError, match="nothing was changed") as refusal:
        online.refresh(sites=sites(), folder=tmp_path, services=both, opener=opener)
    assert len(str(refusal.value).splitlines()) == 1
    assert untouched(tmp_path, older)


def test_one_failing_layer_does_not_spoil_another_and_all_is_said(stub, tmp_path, opener):
    said = []
    stub.answers = lambda asked: Reply(HTML) if "data" in asked else arcgis(3)(asked)
    both = [service(stub, "overpass", "power"), service(stub, "arcgis")]
    with pytest.raises(OnlineError, match=r"(?s)web page.*refreshed all the same: roads"):
        online.refresh(sites=sites(), folder=tmp_path, services=both, opener=opener, progress=said.append)
    assert "power: stays as it was" in said
    assert "roads: 3 rows, retrieved 2026-11-23" in said
    assert online.refreshed_layer("power", tmp_path) is None


def test_of_two_services_of_a_layer_both_must_be_whole(stub, tmp_path, opener):
    def answer(asked):
        return Reply(HTML) if asked.get("where") == "bad" else arcgis(3)(asked)

    stub.answers = answer
    pair = [service(stub, "arcgis"), service(stub, "arcgis", id="other", query="where=bad")]
    with pytest.raises(OnlineError, match="web page"):
        online.refresh(sites=sites(), folder=tmp_path, services=pair, opener=opener)
    assert not list(tmp_path.iterdir())
    stub.answers = arcgis(3)
    done = online.refresh(sites=sites(), folder=tmp_path, services=pair, opener=opener)[0]
    assert done.services == ("stub-arcgis", "other")
    assert done.rows == 6


def test_services_under_different_licences_do_not_share_a_layer(stub, tmp_path, opener):
    pair = [service(stub, "arcgis"), service(stub, "overpass", licence="ODbL 1.0")]
    with pytest.raises(OnlineError, match="differ in licence or reach"):
        online.refresh(sites=sites(), folder=tmp_path, services=pair, opener=opener)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"layer_ids": ["coast"]}, "layer coast: no online service"),
        ({"layer_ids": ["rivers"]}, "layer 'rivers': not known"),
        ({"radius_km": 0}, "radius 0 km: expected more than 0"),
        ({"radius_km": float("nan")}, "radius nan km"),
        ({"sites": sites(("gl-x", "GL", KVANEFJELD))}, "no site in AU"),
        ({"sites": sites().to_crs("EPSG:3857")}, r"expected EPSG:4326"),
    ],
)
def test_questions_that_make_no_sense_are_refused(stub, tmp_path, opener, changes, said):
    asked = {"sites": sites(), "folder": tmp_path, "services": [service(stub, "arcgis")], "opener": opener}
    with pytest.raises(ValueError, match=said):
        online.refresh(**{**asked, **changes})
    assert stub.asked == []
