"""The page of what was said: claims, promised dates, programmes; a site narrows it, a verdict filters it."""

from oreway.layers.read import read_table
from oreway.scoring.claims.public_claims import public_claims
from oreway.scoring.claims.schedules import schedules
from tests.views.helpers import open_page


def shown(app):
    return " ".join(element.proto.body for element in app.get("html"))


def test_the_page_shows_every_claim_promise_and_programme():
    app = open_page("said")
    assert app.title[0].value == "What was said"
    page = shown(app)
    assert all(one.claim.split("'")[0] in page for one in public_claims())
    lengths = [len(frame.value) for frame in app.dataframe]
    assert lengths == [len(schedules()), len(read_table("programmes"))]
    assert 'href="site?site=gl-tanbreez"' in page


def test_a_chosen_site_narrows_the_page_to_what_concerns_it():
    app = open_page("said", site="jp-minamitorishima")
    page = shown(app)
    assert "From February 2027 a trial lifts 350 t of mud a day" in page
    assert "Tanbreez" not in page.split("<h3>", 1)[1]
    assert len(app.dataframe) == 1


def test_a_verdict_filters_the_claims():
    app = open_page("said")
    app.multiselect(key="said_verdicts").set_value(["wrong"]).run()
    assert not app.exception
    page = shown(app)
    assert "28.2 million tonnes" in page
    assert "From February 2027" not in page


def test_a_site_nobody_promised_a_date_for_says_so():
    app = open_page("said", site="au-greenbushes")
    assert "No promised date is on record here." in [element.value for element in app.info]


def test_the_page_speaks_japanese():
    app = open_page("said", lang="ja")
    told = [element.value for element in (*app.title, *app.header)]
    page = " ".join([*told, shown(app)])
    assert [words for words in ("言われたこと", "一部正しい", "約束された期日") if words not in page] == []


def test_the_programmes_speak_japanese():
    rows = open_page("said", lang="ja").dataframe[1].value.set_index("計画")
    vault = rows.loc["G7 と同志国の最低価格協議"].set_index("項目").loc["共同声明"]
    assert vault["値"].startswith("EU、米国、日本：行動計画")
    assert "価格差の補助" in vault["注記"]
