"""What `make quick` leaves out: tests that take more than a second of a processor, told by the beginning of their name.

They measure or judge the whole shipped world, start a process of their own, or set a PDF. `make quick` ends with the
tests that took longest: one that is longer than the others and stands here for good goes into this list. `make test`
runs them all.
"""

SLOW = (
    "tests/geo/test_chainages.py", "tests/geo/test_dijkstra.py", "tests/geo/test_least_cost.py",
    "tests/geo/test_nearest_areas.py::test_a_place_is_at_distance_zero_if_and_only_if_the_border_turns_round_it",
    "tests/geo/test_nearest_oracle.py::test_the_index_and_an_independent_tree_agree_on_thousands_of_pairs",
    "tests/geo/test_network.py::test_the_interval_is_the_ellipse_bound_and_the_nearest_junction",
    "tests/layers/test_endless.py",
    "tests/layers/test_online_geoparquet.py::test_what_overture_gave_takes_part_and_says_its_source",
    "tests/layers/test_postgis.py", "tests/layers/test_strangers.py",
    "tests/layers/test_read.py::test_a_layer_is_what_geopandas_reads",
    "tests/layers/test_sites_data.py::test_every_layer_reads_in_wgs84_with_one_id_column",
    "tests/layers/test_upload.py",
    "tests/layers/test_facts_arithmetic.py::test_contained_metal_is_tonnage_times_grade",
    "tests/layers/test_facts_arithmetic.py::test_high_confidence_rests_on_a_strong_source_or_on_two",
    "tests/layers/test_facts_sanity.py::test_every_site_on_land_lies_in_its_stated_country",
    "tests/layers/test_facts_sanity.py::test_no_two_deposits_are_one_place_under_two_names",
    "tests/outputs/test_access_ways.py", "tests/outputs/test_export.py", "tests/outputs/test_figures.py",
    "tests/outputs/test_judgement.py", "tests/outputs/test_public_claims.py", "tests/outputs/test_report.py",
    "tests/outputs/test_balance_page.py",
    "tests/outputs/test_said.py::test_no_english_sentence_of_our_own_is_left_in_a_japanese_report",
    "tests/outputs/test_said.py::test_what_a_source_wrote_stays_and_is_marked_as_english",
    "tests/outputs/test_said.py::test_what_is_refused_has_a_code_and_is_no_sentence_made_on_the_spot",
    "tests/outputs/test_same_numbers.py", "tests/outputs/test_surface.py", "tests/outputs/test_surface_picture.py",
    "tests/outputs/test_take_away.py", "tests/outputs/test_third_language.py",
    "tests/scoring/test_access.py::test_a_site_farther_from_the_road_never_pays_less_for_it",
    "tests/scoring/test_additions.py", "tests/scoring/test_assess.py::test_a_nearer_town_never_lowers_a_score",
    "tests/scoring/test_batch.py::test_a_batch_says_what_nearest_says_of_each_point",
    "tests/scoring/test_batch.py::test_the_shipped_world_gives_the_same_answers",
    "tests/scoring/test_batch_store.py::test_cells_tell_the_landmass_country_and_setting_that_the_exact_test_tells",
    "tests/scoring/test_balance.py", "tests/scoring/test_batch_cluster.py",
    "tests/scoring/test_batch_parts.py", "tests/scoring/test_batch_stopped.py", "tests/scoring/test_bounds.py",
    "tests/scoring/test_chain.py", "tests/scoring/test_kept_on_disk.py::test_ready",
    "tests/scoring/test_kept_on_disk.py::test_a_changed_world_gets_none_of_the_shipped_answers",
    "tests/scoring/test_own_sites.py", "tests/scoring/test_price.py",
    "tests/scoring/test_refreshed.py", "tests/scoring/test_spread.py", "tests/scoring/test_stress.py",
    "tests/scoring/test_supply.py", "tests/scoring/test_ways.py", "tests/scoring/test_whatif.py",
    "tests/layers/test_online_geoparquet.py::test_plants_of_wri",
    "tests/scoring/test_batch_tables.py", "tests/test_coverage.py::test_nineteen",
    "tests/test_data_world.py::test_a_network", "tests/test_data_world.py::test_lengths",
    "tests/test_data_world.py::test_no_edge", "tests/test_data_world.py::test_towns_of_500",
    "tests/test_docs.py::test_every_import_is_declared", "tests/test_service.py",
    "tests/views/test_find.py::test_towns_ports", "tests/views/test_sources.py",
    "tests/test_data_power.py::test_no_plant_stands_twice",
    "tests/test_cli.py", "tests/test_cli_batch.py", "tests/test_front.py", "tests/test_import_budget.py",
    "tests/test_one_answer.py", "tests/test_wheel.py",
    "tests/trust/test_container.py", "tests/trust/test_deployment.py", "tests/trust/test_fuzzed_uploads.py",
    "tests/trust/test_fuzzed_words.py", "tests/trust/test_hostile_uploads.py", "tests/trust/test_nothing_is_run.py",
    "tests/trust/test_pulled_plugs.py", "tests/trust/test_service.py", "tests/trust/test_supply_chain.py",
    "tests/views/test_balance.py", "tests/views/test_compare.py", "tests/views/test_my_sites.py",
    "tests/views/test_pages.py", "tests/views/test_shared_links.py",
    "tests/views/test_pictures.py", "tests/views/test_price.py", "tests/views/test_rank.py", "tests/views/test_said.py",
    "tests/views/test_start.py", "tests/views/test_supply.py", "tests/views/test_what_if.py",
)  # fmt: skip


def is_slow(test: str) -> bool:
    """Say whether a test of this id is left out of `make quick`."""
    return test.startswith(SLOW)
