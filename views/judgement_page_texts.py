"""The words of the pages that judge: supply, comparison, what-if, own sites, ranking, price."""

from oreway.outputs.words.data_labels import PASSAGES
from oreway.outputs.words.translation import message, message_in

JUDGEMENT_WORDS: dict[str, str] = {
    **{f"passage_{key}": name for key, name in PASSAGES.items()},
    "supply": message("Supply"),
    "compare": message("Compare"),
    "what_if": message("What if"),
    "my_sites": message("My sites"),
    "supply_title": message("From the deposit to a refinery"),
    "supply_choose": message(
        "Choose a deposit, zone or stockpile to see the ways from it to the refineries that could take its product."
    ),
    "supply_own": message("or one of your own sites"),
    "closed_title": message("With the closures, and without"),
    "closed_before": message("All open"),
    "closed_after": message("As closed"),
    "closed_none": message("no way to a plant that takes it"),
    "closed_same": message("No way to any plant changes."),
    "col_distance_km_before": message("km before"),
    "col_distance_km_after": message("km after"),
    "col_days_before": message("Days before"),
    "col_days_after": message("Days after"),
    "col_usd_per_t_before": message("US$/t before"),
    "col_usd_per_t_after": message("US$/t after"),
    "stress_title": message("Stress test"),
    "stress_hint": message(
        "Closes each sea passage and each plant that a best way uses, one at a time, and looks for the next best way."
    ),
    "stress_working": message("Closing one after the other and looking for the next best ways …"),
    "stress_one": message("Test this site"),
    "stress_all": message("Test every site (a minute or two)"),
    "stress_none": message("This site has no way that could be lost: no running plant takes what it ships."),
    "stress_told": message("{closures} closures: {lost} ways lost, {changed} ways changed."),
    "stress_history": message("Published effects of past closures"),
    "past_closed_days": message("days closed"),
    "past_cost": message("cost"),
    "past_extra_cost": message("more cost"),
    "past_days_via_passage": message("days through the passage"),
    "past_days_without": message("days round it"),
    "past_distance_via_passage": message("distance through the passage"),
    "past_distance_without": message("distance round it"),
    "past_draught_limit": message("draught limit"),
    "past_extra_days": message("more days"),
    "past_extra_distance": message("more distance"),
    "past_goods_held": message("goods held up"),
    "past_transits_before": message("transits before"),
    "past_transits_fall": message("fall of transits"),
    "past_transits_least": message("fewest transits"),
    "past_waiting_days": message("days of waiting"),
    "closure": message("Closure"),
    "unit": message("Unit"),
    "col_closed": message("Closed"),
    "col_site": message("Site"),
    "col_plant_before": message("Plant before"),
    "col_plant_after": message("Plant after"),
    "col_extra_km": message("More km"),
    "col_extra_days": message("More days"),
    "col_extra_usd_per_t": message("More US$/t"),
    "passages": message("Close or open sea passages"),
    "passages_hint": message(
        "A ticked passage is closed: no ship passes, and routes go round. The two Arctic routes are "
        "closed unless you open them."
    ),
    "route_told": message("{plant} ({country}), {km} km, {days} days, US$ {usd} a tonne"),
    "route_to": message("Route shown on the map"),
    "legs_to": message("Legs to {plant}"),
    "all_routes": message("All {number} routes, best first"),
    "col_from": message("From"),
    "col_to_place": message_in("end of a leg", "To"),
    "col_mode": message("By"),
    "col_distance_km": message("km"),
    "col_days": message("Days"),
    "col_usd_per_t": message("US$/t"),
    "col_kg_co2_per_t": message("kg CO₂/t"),
    "col_method": message("Method"),
    "col_note": message("Note"),
    "col_role": message("Marked"),
    "col_plant": message("Refinery"),
    "col_country": message_in("of a plant", "Country"),
    "col_bloc": message("Bloc"),
    "col_status": message("State"),
    "col_fit": message("Fit"),
    "col_owner": message("Owner"),
    "col_reason": message("Why"),
    "col_tie": message("Bound by"),
    "col_capacity": message("Capacity on record"),
    "col_controls": message("Export controls and programmes"),
    "col_mineral": message("Mineral"),
    "col_chain_stage": message_in("of the chain", "Stage"),
    "col_share": message("Share"),
    "col_year": message("Year"),
    "col_source": message("Source"),
    "col_source_url": message("Address"),
    "compare_title": message("Sites side by side"),
    "compare_which": message("Sites to compare (two to four)"),
    "compare_choose": message("Choose at least two deposits or zones."),
    "compare_weights": message(
        "These sites are judged with different weights, each by its own setting: compare the parts, not the totals."
    ),
    "compare_told": message("{upper} scores {points} points above {lower}."),
    "compare_most": message("Most of it: {told}."),
    "compare_unscored": message("{name} has no score: too little is known."),
    "compare_mark": message("● marks the nearest of each row."),
    "bill_unit": message("US$ million of 2026, from zero; mine and plant not included."),
    "routes": message("Routes"),
    "what_if_title": message("What if it were built?"),
    "what_if_intro": message(
        "Choose what to build, then click on the map or type coordinates; or change a fact of a site; or close what "
        "exists. Every site is judged again. Nothing that is built can worsen a score, nothing that closes can better "
        "one; a changed fact can do either."
    ),
    "build_tab": message("Build something"),
    "close_tab": message("Close something"),
    "close_what": message("Close"),
    "close_plant": message("Refinery, smelter or plant"),
    "close_near": message("Near the site"),
    "close_which": message("Which one"),
    "close_this": message("Close it"),
    "close_told": message("closed: {name}"),
    "close_hint": message(
        "The next one takes over, with its own distance, depth and season. Straits and canals are closed on the page "
        "Supply."
    ),
    "build_sure": message("Build it all the same"),
    "build_undo": message("Undo"),
    "scenario_save": message("Save the scenario"),
    "scenario_open": message("Open a saved scenario"),
    "scenario_bad": message("The scenario cannot be opened: {why}. Choose a file saved on this page."),
    "help_col_topsis_rank": message("A second way to add up: nearness to the best and distance from the worst values."),
    "help_col_first_share": message("In how many of the draws over weights and values the site comes first."),
    "help_col_best_rank": message("Only one draw in twenty gives a better rank."),
    "help_col_worst_rank": message("Only one draw in twenty gives a worse rank."),
    "help_col_coverage": message("How much of the weight rests on known values; the rest widens the range."),
    "help_col_p10": message("One draw in ten lies below this."),
    "help_col_p50": message("Half of the draws lie below this."),
    "help_col_p90": message("Nine draws in ten lie below this."),
    "change_now": message("{fact}: now {now}"),
    "change_to": message("New value"),
    "change_this": message("Change this fact"),
    "change_words": message("In words, for any fact"),
    "build_what": message("Build"),
    "build_where": message("Where: longitude, latitude"),
    "build_point": message("One pair, e.g. -46.0, 60.9; or click on the map."),
    "build_line": message(
        "Pairs with ; between them; each click on the map adds one. The line must join a port, a town or "
        "its own network."
    ),
    "build_file": message("or a GeoJSON file; its first shape is taken"),
    "build_name": message("Name"),
    "build_add": message("Build it"),
    "build_new": message("new"),
    "build_remove": message("Remove {name}"),
    "close_open": message("Open {name} again"),
    "change_back": message("Take back {change}"),
    "build_reset": message("Remove everything"),
    "size_port": message("Depth, m"),
    "size_airfield": message("Runway, m"),
    "size_power": message("Capacity, MW"),
    "size_help": message("Empty: the least that counts."),
    "before_after": message("Every site before and after"),
    "col_name": message("Site"),
    "col_total_before": message("Score before"),
    "col_total_after": message("Score after"),
    "col_gain": message("Gain"),
    "col_rank_before": message("Rank before"),
    "col_rank_after": message("Rank after"),
    "col_bill_before": message("Bill before, US$ million"),
    "col_bill_after": message("Bill after, US$ million"),
    "col_chain_km_before": message("Way to a refinery before, km"),
    "col_chain_km_after": message("Way to a refinery after, km"),
    "col_gates_after": message("Gates after"),
    "change_fact": message("Change a fact"),
    "change_hint": message(
        "SITE:FIELD=VALUE, e.g. gl-tanbreez:stage=fs, au-nolans:lat=-20, jp-minamitorishima:water_depth_m=5000, "
        "gl-tanbreez:gate.Licence and consent=open"
    ),
    "change_add": message("Change it"),
    "csv": message("Table (CSV)"),
    "geojson": message("Table with places (GeoJSON)"),
    "bill_ways": message("Ways to build (GeoJSON)"),
    "my_sites_title": message("Your own sites"),
    "own_intro": message(
        "Upload a file or type into the table; each row is measured and scored like ours. It stays in this "
        "session only and is gone when you close the page: save the file."
    ),
    "own_limits": message(
        "Formats: {formats}; at most {mb} MB and {rows} rows here. Shapes are measured to their edge; "
        "the table shows a point inside them."
    ),
    "own_file": message("A file with your sites"),
    "own_positions": message(
        "Positions as they were read, before anything is measured. Do the sites lie where they should?"
    ),
    "own_scores": message("Scores of your sites"),
    "own_save": message("Save ({ending})"),
    "own_rejected": message("Rows left out:"),
    "own_layer": message("Layer or sheet to read"),
    "own_system": message("Reference system, where the file does not say the right one"),
    "own_cut": message(
        "The first {most} sites are shown and scored; {more} more are left out. `oreway batch` takes any number."
    ),
    "own_none": message("No site yet: give a row a longitude and a latitude."),
    "row": message("Row"),
    "lon": message("Longitude"),
    "lat": message("Latitude"),
    "low": message("Low"),
    "high": message("High"),
    "accuracy": message("Position ± km"),
    "weights_of": message("Weights"),
    "weights_setting": message("of each site's own setting"),
    "weights_own_weights": message("my own (sliders)"),
    "weights_pairs": message("by comparison in pairs (AHP)"),
    "weights_sum": message("Sum {sum}; only the shares count, so it need not be 100."),
    "pairs_intro": message(
        "How many times as important is the criterion on the left as the one on the right? 1 equal, 3 moderately, "
        "5 strongly, 7 very strongly, 9 extremely; 1/3, 1/5 … the other way round."
    ),
    "pairs_one": message("Criterion"),
    "pairs_times": message("times as important as"),
    "pairs_other": message("the other"),
    "pairs_weights": message("Weights that follow: {weights}."),
    "pairs_ratio": message("Consistency ratio {ratio}; up to {limit} the comparisons agree well enough."),
    "pairs_unsound": message("They contradict each other: look at them again before you trust the ranks."),
    "weights_from": message("Start from: {profile}"),
    "weights_nothing": message("Every weight is zero: give at least one criterion a weight."),
    "rank_told": message(
        "{name} stands first in {share} % (± {error}) of {draws} draws over weights and values, and in the "
        "top three in {top} %."
    ),
    "rank_highest": message("The highest score is that of {name}, which with its range stands first in {share} %."),
    "rank_first_tied": message(
        "{number} sites cannot be told apart at the top, by share of first places in {draws} draws over weights and "
        "values: {shares}."
    ),
    "rank_tied": message("Rank {rank} is shared, to a tenth of a point: {names}."),
    "topsis_told": message(
        "Rank by TOPSIS: a second way of adding up, by closeness to a site with the best of everything (anchors fixed "
        "at 0 and 1). A rank that holds under both does not hang on the sum."
    ),
    "chart_bars": message("Access score with its range, best first"),
    "chart_bars_alt": message(
        "Bar chart of the access score of {number} sites with their ranges; {first} stands first."
    ),
    "chart_bars_key": message(
        "Bar: score. Line: from low to high, with what is not known. Point at a bar for its numbers."
    ),
    "chart_points": message("Access score, points of 100"),
    "chart_gates": message("Strictest gate"),
    "chart_likely": message("How likely each rank is"),
    "chart_likely_alt": message(
        "Field of shares by site and rank; {first} is the likeliest first, in {share} % of the draws."
    ),
    "chart_share": message("Share of draws, %"),
    "col_topsis_rank": message("Rank by TOPSIS"),
    "rank_empty": message("No site of this kind can be ranked with these weights."),
    "col_rank": message("Rank"),
    "col_total": message("Score"),
    "col_first_share": message("First, %"),
    "col_first_error": message("± %"),
    "col_top3_share": message("Top three, %"),
    "col_best_rank": message("Best rank (5 %)"),
    "col_worst_rank": message("Worst rank (95 %)"),
    "col_coverage": message("Known share, %"),
    "col_gates": message("Gates"),
    "col_unfc": message("UNFC-2019 class"),
    "flips": message("What would flip neighbours"),
    "flips_hint": message(
        "The smallest single changes, of a distance, a weight or a recorded fact, that would swap two neighbours."
    ),
    "weight_of": message("{what}: weight"),
    "shape": message("Value of a distance"),
    "shape_half_life": message("Halves with each step"),
    "shape_linear": message("Linear in cost"),
    "shape_help": message(
        "A rank that holds under both shapes does not hang on the choice of curve. Linear: 0 where the missing link "
        "costs half of a reference capital."
    ),
    "col_above": message("Above"),
    "col_below": message("Below"),
    "col_gap": message("Points between"),
    "col_change": message("Change"),
    "pareto": message("Whatever the weights"),
    "pareto_hint": message(
        "A site is beaten when another is at least as good on every criterion known for both, so no "
        "weights can put it above. Sure: also with every doubt counted in its favour."
    ),
    "pareto_told": message("{number} of {all} sites are beaten by none."),
    "pareto_none": message("none"),
    "col_beaten_by": message("Beaten by"),
    "col_sure": message("Sure"),
    "yes": message("yes"),
    "fold_all": message("Show all {number} sites"),
    "fold_table": message("Show the table"),
    "find_typed": message("Look for “{text}”"),
    "fold_some": message("Show all {number}"),
    "own_price": message("Try a price of NdPr oxide, US$/kg"),
    "own_price_row": message("your price"),
    "glossary": message("What the words mean"),
    "told_score": message("How near a place is to what it needs, 0 to 100; nothing about what the deposit is worth."),
    "told_coverage": message("How much of the weight rests on known values; the rest widens the range."),
    "told_gates": message("Conditions no distance makes up for: law, consent, a process that works."),
    "told_unfc": message("The United Nations' class of a project: E for consent, F for feasibility, G for geology."),
    "told_ladder": message("The steps from a first find to a product that is sold; the marked one is reached."),
    "told_distances": message(
        "The nearest of each kind, along the ellipsoid, with the bounds within which it may lie."
    ),
    "told_not_known": message("What was looked for and not found; it is never taken for zero."),
    "weights_help": message("Whose view counts: that of each site's setting, a profile, your own, or pairs compared."),
    "where_help": message("Land and seabed are ranked apart, as they need different things."),
    "weight_help": message("Points of importance; only their shares count."),
}
