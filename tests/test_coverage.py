"""Most places on Earth get a total: a small run of the benchmark that prints the share."""

from benchmarks.coverage import largest_countries, scored, share_with_total


def test_nineteen_of_twenty_places_on_land_get_a_total(shipped):
    world = shipped
    table, _ = scored(world, largest_countries(world, 25), 150, seed=1)
    assert table["land"].sum() > 130
    assert table["country_code"].nunique() == 25
    assert share_with_total(table) >= 0.90  # 150 places: a twentieth more or less is chance


def test_places_in_brazil_get_a_total_inside_their_bounds(shipped):
    world = shipped
    countries = world.infrastructure["countries"]
    brazil = countries[countries["country_code"] == "BR"]
    table, scores = scored(world, brazil, 20 * len(brazil), seed=2)
    known = table["total"].notna().to_numpy()
    assert known.mean() > 0.9
    assert (scores.total_low[known] <= scores.total[known] + 1e-9).all()
    assert (scores.total[known] <= scores.total_high[known] + 1e-9).all()
