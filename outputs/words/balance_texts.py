"""Words of the balance: what could reach magnets without a Chinese step."""

from oreway.outputs.words.translation import message, message_in

BALANCE: dict[str, str] = {
    "counts_no_chinese_step": message("no step in China or owned from it"),
    "counts_country": message_in("allied rule", "plants in allied countries"),
    "counts_owner": message_in("allied rule", "plants of allied owners"),
    "counts_country_and_owner": message_in("allied rule", "allied by country and owner"),
    "scenario_iea_aps": message("IEA, announced pledges (2024)"),
    "scenario_mckinsey": message("McKinsey (2025)"),
    "stage_ore": message_in("step of the chain", "ore"),
    "stage_concentrate": message_in("step of the chain", "concentrate"),
    "stage_cracking_leaching": message_in("step of the chain", "cracked"),
    "stage_separation": message_in("step of the chain", "separated"),
    "stage_metal": message_in("step of the chain", "metal"),
    "stage_alloy": message_in("step of the chain", "alloy"),
    "stage_magnet": message_in("step of the chain", "magnet"),
    "balance_picture": message("{element} in {year}, t of oxide as announced"),
    "balance_likely": message("on record, P10 to P90"),
    "balance_possible": message("possible"),
    "balance_china": message("China's share of the world"),
    "balance_other": message("other countries"),
    "balance_allied": message("allied countries"),
    "balance_alt": message("Flow of {element} in {year} by step of the chain: {steps}."),
    "balance_alt_step": message(
        "{stage}: {announced} t announced, {mid} t on record ({low} to {high}), at most {possible} t; "
        "China makes {china} % of the world's"
    ),
    "balance_reach": message(
        "In {year}, {mid} t of {element} (as oxide; {low} to {high} t) could reach magnets by what is on record; at "
        "most {possible} t if every plant of which nothing is known took what it can. Announced are {announced} t."
    ),
    "balance_held": message("It is held back at: {stages}."),
    "balance_held_stage": message("{stage}, {share} % ({names})"),
    "balance_nothing": message("By what is on record nothing reaches a magnet: no open way leads there."),
    "balance_gap": message("Demand outside China: {demand} t ({scenario}). The gap is between {low} and {high} t."),
    "balance_missing": message("Without a tonnage or a start on record, so counted for nothing: {names}."),
    "balance_note": message(
        "The truth lies between what is on record and what is possible: many plants do not say whose material they "
        "take, or how much. Stocks, recycling and prices are not in it; a plant that could run is taken to run."
    ),
    "would_fill": message(
        "with all that is planned at both ends it would fill {share} % of the plant ({element}: {brought} of {holds} "
        "t/y of oxide)"
    ),
    "next_title": message("Best next step"),
    "balance_year": message("Year"),
    "balance_by_year": message("Year by year, t of oxide"),
    "balance_report": message("{element} that could reach magnets without China"),
    "balance_counts": message("Counted: {rule}. {draws} draws, seed {seed}."),
    "balance_sources": message(
        "Every capacity, date, recovery and rate stands with its source in data/methods/balance_capacity.csv and "
        "balance_assumptions.csv; formula and doubts: docs/method.md, section 14."
    ),
    "balance_held_by": message("Held back at"),
    "next_name": message("Name"),
    "next_stage": message_in("of a plant", "Steps"),
    "next_step": message_in("next step", "Step"),
    "next_build": message_in("next step", "build"),
    "next_open": message_in("next step", "takes others' feed"),
    "next_tonnes": message("t a year more"),
    "next_at_most": message("at most {tonnes}"),
    "next_cost": message("US$ million"),
    "next_per": message("t a year per US$ million"),
    "next_none": message("No single step adds anything by what is on record."),
    "next_note": message(
        "Each step alone, as if it ran in full, on the chain that runs or starts up today; by tonnes per US$ million "
        "where a cost is on record, then by tonnes."
    ),
    "next_no_mine": message("No single mine, and so no port, road or line of one, adds anything before that."),
}
