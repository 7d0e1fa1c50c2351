"""Words of the judgement: bill, routes, price, claim checks, comparison, ranks."""

from oreway.outputs.words.translation import message, message_in

WHAT_IF: dict[str, str] = {
    "lose": message("{number} of {all} sites lose: {named}."),
    "lose_one": message("{number} of {all} sites loses: {named}."),
    "lose_none": message("No site loses."),
    "gain": message("{number} of {all} sites gain: {named}."),
    "gain_one": message("{number} of {all} sites gains: {named}."),
    "gain_none": message("No site gains."),
    "gate": message("Gate of {site}: {change}."),
    "rest": message("At {number} more the rank, the bill or the way changes, but not the score."),
}

JUDGEMENT: dict[str, str] = {
    # what-if
    "whatif": message("What if: before and after"),
    "whatif_note": message(
        "Every site is judged again with what is built and changed below; points of the score, bill in US$ million "
        "of 2026, way to the best running refinery in km. Sites that lose come first."
    ),
    "whatif_steps": message("What is built, changed and closed"),
    "whatif_answer": message("What happens"),
    "whatif_gain": message("Points"),
    "whatif_rank": message("Rank"),
    "whatif_bill": message("Bill"),
    "whatif_way": message("Way, km"),
    "whatif_built": message("{kind} {name}{size}, at {place}"),
    "whatif_changed": message("{site}: {fact} → {value}"),
    "whatif_closed": message("closed: {name} ({kind})"),
    "whatif_same": message("{number} of {all} sites stay as they are."),
    "whatif_same_one": message("{number} of {all} sites stays as it is."),
    # bill
    "bill": message("What has to be built"),
    "bill_note": message(
        "Access from zero, US$ million of 2026. Items re-add to the itemised sum; P10, P50 and P90 join them by a "
        "common factor and add the overrun of as-built over estimated cost ({draws} draws, seed {seed}). "
        "Evidence: R read in a source, C computed from read figures, K general knowledge, J judgement. "
        "The mine and the plant are not in it."
    ),
    "way_least_cost": message("over relief, {cell} km cells, regional only; straight × detour {km} km"),
    "way_network": message("along roads; straight × detour {km} km"),
    "item": message("Item"),
    "quantity": message("Quantity"),
    "cost_low": message("Low"),
    "cost_base": message("Base"),
    "cost_high": message("High"),
    "evidence": message("Evidence and source"),
    "itemised": message("Itemised sum"),
    "bill_nothing": message("Nothing of the list has to be built."),
    "with_overrun": message("With overrun, US$ million"),
    "not_priced": message("Not priced"),
    "item_haul_road": message("Haul road"),
    "item_power_line": message("132 kV line to the supply"),
    "item_power_station": message("Own power station"),
    "item_terminal": message("Tidewater terminal"),
    "item_haul_fleet": message("Trucks to the port over existing roads"),
    "item_airstrip": message("Airstrip"),
    "item_camp": message("Camp"),
    "item_production_vessel": message("Production vessel"),
    "item_lift_system": message("Riser, pumps and seafloor tools"),
    "item_shuttle_carrier": message("Shuttle carriers to the mainland"),
    "item_forward_base": message("Quay, camp and stores on the nearest island with a runway"),
    "berth": message("berth"),
    "strip": message("strip"),
    "bed": message("beds"),
    "vessel": message("vessel"),
    "ship": message("ships"),
    "base": message("base"),
    "km Mt/y": message("km × Mt/y"),
    # routes
    "way": message("Way to a refinery"),
    "way_ships": message("Ships {product} ({why}). Port: {port} ({rule})."),
    "way_none": message("No running plant on record takes this product from others."),
    "way_no_allied": message("No allied one is on record."),
    "way_no_planned": message("No refinery is named on record as the planned one."),
    "way_planned_elsewhere": message("Planned on record, but not among the plants that take this product: {names}."),
    "role_best": message("Best plant on record"),
    "role_best_allied": message("best allied"),
    "role_planned": message("planned on record"),
    "bloc_two": message("country: {country}, owner: {owner}"),
    "bloc_allied": message("allied"),
    "bloc_china": message("China"),
    "bloc_other": message("other country"),
    "mode": message("By"),
    "mode_road": message("road"),
    "mode_rail": message("rail"),
    "mode_sea": message("sea"),
    "leg": message("Leg"),
    "days": message("Days"),
    "usd_per_t": message("US$/t"),
    "kg_co2_per_t": message("kg CO₂/t"),
    "rests_on": message("Rests on"),
    "season_text": message("Open season at {port}: {months} months a year{span}; judgement."),
    "season_span": message(" ({low}–{high})"),
    "as_above": message("As above to {place}, then:"),
    "season_unknown": message("Open season at {port}: not known."),
    "china_title": message("China's share of the stage"),
    "share": message("Share"),
    "year": message("Year"),
    "china_none": message("No share of China is on record for these stages."),
    "forecast": message("forecast"),
    "more_than": message("more than {low} %"),
    "way_alt": message("Route from {site} to {plant}: {legs}. Not to scale."),
    "not_to_scale": message("Not to scale."),
    # price
    "price": message("Price it needs"),
    "price_break_even": message(
        "Break-even at {price} US$/kg of NdPr oxide ({low}–{high} for the bounds of the royalty), net present value "
        "zero, by the case “{case}”."
    ),
    "price_missing": message("Not assessable: missing {missing}."),
    "price_note": message(
        "A short cash-flow template. Its internal rate of return is within ± {points} points of published studies at "
        "best, so only that range is printed. Prices are decks to test with, not forecasts."
    ),
    "deck": message("Price deck"),
    "deck_price": message("NdPr oxide, US$/kg"),
    "npv_usd_m": message("NPV, US$ million"),
    "irr_range": message("IRR, %"),
    "irr_none": message("none"),
    "deck_dumping": message("dumping"),
    "deck_mid": message("middle"),
    "deck_floor": message("floor (only where an offtake has one)"),
    "deck_high": message_in("price deck", "high"),
    "break_even": message("break-even"),
    "price_alt": message("NdPr oxide price, US$/kg: break-even {price} ({low}–{high}); decks {decks}."),
    "capital cost": message("capital cost"),
    "operating cost": message("operating cost"),
    "rare earths (this plan is reckoned for NdPr oxide alone)": message(
        "rare earths (this plan is reckoned for NdPr oxide alone)"
    ),
    "annual NdPr oxide output": message("annual NdPr oxide output"),
    "mine life": message("mine life"),
    "operating cost on the same basis as the capital cost": message(
        "operating cost on the same basis as the capital cost"
    ),
    # claims
    "claims": message("Figures that do not add up"),
    "claims_none": message(
        "No announced figure on record broke one of the three checks (life, rate of return, category)."
    ),
    "claims_note": message("The arithmetic is Oreway's, the figures are the sources'."),
    # pictures
    "km_along": message("km along the straight line"),
    "height_m": message("m above sea level"),
    "depth_m": message("m below sea level"),
    "depth_profile": message("Depth across the site, west to east"),
    "depth_alt": message(
        "Sea floor from west to east through {site}: {shallow} to {deep} m below sea level over {length} km."
    ),
    "polar_view": message("Where it lies in Greenland"),
    "polar_alt": message(
        "All of Greenland from above: {count} sites of the catalogue as dots, {site} as a star; parallels every "
        "10 degrees."
    ),
    "access_profile": message("Ground between site and port"),
    "access_alt": message(
        "Ground along the straight line from {site} to {port}, {length} km: {low} to {high} m above sea level."
    ),
    "profile_note": message(
        "{title}, cells of about {cell} km: no slopes, no heights of single hills. The line is straight, not a road."
    ),
    "profile_none": message("No profile: {length} km is too short for relief in cells of about {cell} km."),
    "site_extent": message("site"),
    "ranks_alt": message("Share of draws in which each site takes each rank. {tops}"),
    "ranks_top": message("{site}: most often rank {rank} ({share} %)"),
    "rank": message("Rank"),
    # comparison and ranking
    "comparison": message("Comparison of sites"),
    "comparison_note": message(
        "Side by side, not added up. Each column is judged with the weights of its own setting; a score compares "
        "access only between sites with the same weights."
    ),
    "ranking": message("Ranking of sites"),
    "ranking_note": message(
        "Land and seabed sites are judged by other criteria and ranked apart. First and top three: shares of {draws} "
        "draws (seed {seed}) over weights and values; the range holds 90 % of the draws. Gates stand beside the rank "
        "and never enter it."
    ),
    "peers_land": message("On land"),
    "peers_seabed": message("On the seabed"),
    "first_share": message("First, %"),
    "top3_share": message("Top three, %"),
    "rank_range": message("Ranks, 90 %"),
    "score_bounds": message("Bounds"),
    "weights_used": message("Weights"),
    "ranks_chart": message("How sure the ranks are"),
    "ranks_chart_note": message(
        "Darker: the site takes that rank in more of the draws. A wide smear means the order is not settled."
    ),
    "not_ranked": message("Without a rank, because less than half of the weight rests on known values: {names}."),
    "rank_none": message("No site has a total to rank by."),
    "best_route": message("Best route"),
    "best_allied_route": message("Best allied route"),
    "bill_p50": message("Bill P50 (P10–P90), US$ million"),
    "not_scored": message("not scored"),
    "price_row": message("Break-even, US$/kg NdPr oxide"),
    "not_assessable": message("not assessable"),
    "sites": message("Sites"),
    "own_weights": message("each site's own setting"),
}
