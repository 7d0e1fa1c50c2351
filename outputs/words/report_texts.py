"""The texts of the site report: headings, notes, the sentences of the verdict, the method in ten lines."""

from oreway.outputs.words.translation import message

REPORT: dict[str, str] = {
    "report": message("Site-feasibility report"),
    "site": message("Site"),
    "verdict": message("In plain words"),
    "map": message("Where it is"),
    "ladder": message("From occurrence to product"),
    "ladder_plant": message("From plan to operation"),
    "ladder_note": message("A resource is not supply: only the last rung puts a product on a ship."),
    "ladder_note_plant": message("A planned plant is not capacity: only an operating one takes feed."),
    "ladder_none": message("This entry is not a project of its own; it stands on no rung."),
    "here": message("here"),
    "standing": message("Standing"),
    "gates": message("Gates"),
    "gates_note": message("Gates are never averaged into the score."),
    "gates_none": message("No gate is on record for this entry."),
    "unfc": message("UNFC-2019 class"),
    "score": message("Access score"),
    "score_of": message("of 100"),
    "score_range": message("{low} to {high} with unknowns allowed for"),
    "score_none": message("No score: {reason}"),
    "point_note": message(
        "Judged as a site of which nothing is on record: rare earths, nearest refinery that could take them."
    ),
    "score_not_scored": message("only deposits, zones and stockpiles are scored."),
    "score_profile": message("Weights: {profile}"),
    "coverage": message("Known share of the weight"),
    "contributions": message("What makes up the score"),
    "contributions_note": message(
        "Each bar is what a criterion gives of the points it could give; unknown criteria take no part in the total "
        "and widen its range."
    ),
    "criterion": message("Criterion"),
    "value": message("Value"),
    "value_01": message("Value 0–1"),
    "points": message("Points"),
    "out_of": message("of possible"),
    "total": message("Total"),
    "distances": message("Distances"),
    "distances_note": message(
        "Kilometres on the WGS84 ellipsoid. The range is what the stated accuracy of the two positions allows."
    ),
    "to": message("To"),
    "nearest": message("Nearest"),
    "distance": message("Distance"),
    "range": message("Low–high"),
    "direction": message("Direction"),
    "method": message("Method"),
    "source": message("Source"),
    "numbered_sources": message("Addresses of the sources"),
    "atlas": message("Atlas of site-feasibility reports"),
    "atlas_sites": message("{number} sites"),
    "contents": message("Contents"),
    "atlas_number": message("No."),
    "atlas_told": message("A report a site, in the order of the contents; method and licences stand once, at the end."),
    "index_map_note": message("Numbers are those of the contents; where places crowd, some numbers are left out."),
    "as_of": message("As of"),
    "fact": message("Fact"),
    "category": message("Category"),
    "facts": message("Facts on record"),
    "facts_note": message(
        "Every figure with its category, date and source. A resource, a target and a quoted price are different things "
        "and are never added up. “Old” marks figures more than {months} months older than this report. "
        "“One weak source” marks tonnes, grades, the pace of mining and money that neither a primary source nor a "
        "second page confirms, “adds up” such figures that make the sums of stronger ones."
    ),
    "facts_none": message("No facts are on record for this site."),
    "stale": message("old"),
    "not_known_heading": message("What is not known"),
    "any_value": message("any value from worst to best is allowed for in the range of the score"),
    "unknown_none": message("Nothing the score needs is missing."),
    "method_heading": message("Method in ten lines"),
    "licences": message("Data used, licences and credit"),
    "data": message("Data"),
    "licence_word": message("Licence"),
    "credit": message("Credit"),
    "data_version": message("Data version"),
    "created": message("Made on"),
    "page": message("Page"),
    "position": message("Position"),
    "commodities": message("Commodities"),
    "country": message("Country"),
    "stage": message("Stage"),
    "kind": message("Kind"),
    "also": message("Also called"),
    "local_name": message("Local name"),
    "chain_stages": message("Steps of the chain"),
    "feeds": message("Takes in"),
    "gives": message("Puts out"),
    "host_minerals": message("Host minerals"),
    "off_map": message("beyond the map"),
    "map_alt": message("Map centred on {site}, {radius} km from centre to edge. {places}"),
    "map_note": message(
        "Azimuthal equidistant, centred on the site: lines from the site are straight, true to scale and direction. "
        "Circle: accuracy of the position, ± {accuracy}."
    ),
    "seen_ice": message("White: ice."),
    "seen_heritage": message("Green: heritage or protected area, sketched; not all are held."),
    "seen_eez": message("Dashed blue: 200-mile circle, computed."),
    "seen_roads": message("Brown: road corridors (schematic)."),
    "seen_railways_curated": message("Black: railway corridors (schematic)."),
    "seen_depth": message("Darker blue: deeper sea."),
    "globe_alt": message("Globe with the site at its centre"),
    "north": message("N"),
    "depth": message("Depth, m"),
}
VERDICT: dict[str, str] = {
    "v_is": message("{name} is {kind} in {country}"),
    "v_is_sea": message("{name} is {kind} in the waters of {country}"),
    "v_stage": message("at the stage “{stage}”"),
    "v_status": message("its status is “{stage}”"),
    "v_standing": message("({standing})"),
    "v_port": message("The nearest port on record is {name}, {distance} away ({low}–{high})."),
    "v_port_deep": message(
        "The nearest port on record is {name}, {distance} away ({low}–{high}) (10 m or more of water)."
    ),
    "v_deep_port": message("The nearest with at least 10 m of water on record is {name}, {distance} away."),
    "v_port_none": message("No distance to a port could be given."),
    "v_absent": message("There is no {networks} to join: what is needed must be built."),
    "v_inapplicable": message("Not applicable here: {networks}."),
    "v_unknown": message("Not known: {networks}."),
    "v_gate_closed_plain": message("Closed gate: {gate}."),
    "v_gate_closed": message("Closed gate: {gate} ({reason})."),
    "v_gate_conditional": message("Gates with conditions: {gates}."),
    "v_gate_unknown": message("Gates not known to be open: {gates}."),
    "v_gates_open": message("No gate on record is closed."),
    "v_score": message(
        "The access score is {total} of 100 ({low}–{high}); {coverage} % of its weight rests on known values."
    ),
    "v_scope": message(
        "The score says how far the site is from what it needs, not whether the deposit is worth mining."
    ),
    "v_scope_plant": message("The distances say what stands around the plant, not whether it will take a given feed."),
    "and": message(" and "),
    "or": message(" or "),
    "comma": message(", "),
    "sentence_end": message("."),
    "a_deposit": message("a {commodities} deposit"),
    "a_mineral_deposit": message("a {commodities} deposit"),
    "a_ore_deposit": message("a {commodities} deposit"),
    "a_prospect": message("a {commodities} prospect"),
    "a_occurrence": message("a {commodities} occurrence"),
    "a_field": message("a {commodities} field"),
    "a_zone": message("a {commodities} zone"),
    "a_complex": message("a rock complex with {commodities}"),
    "a_island": message("an island"),
    "a_limit": message("a maritime limit"),
    "a_stockpile": message("a {commodities} stockpile"),
    "a_plant": message("a plant for {commodities}"),
    "minerals": message("mineral"),
    "net_road": message("road network"),
    "net_rail": message("railway"),
    "net_power": message("power grid"),
}
METHOD_LINES: tuple[str, ...] = (
    message(
        "Distances are shortest lines on the WGS84 ellipsoid to the nearest feature on record; they are not routes."
    ),
    message("Low and high carry the stated accuracy of the site and of the feature."),
    message("A missing network counts as 0 and keeps its weight; an unknown counts as anything from 0 to 1."),
    message("What does not apply (a railway at sea) takes no part in the score."),
    message(
        "A distance is turned into a value that halves with each step at which closing the gap costs a set share of a "
        "reference project."
    ),
    message("Weights are the swing in present cost from best to worst, not opinions; they can be changed."),
    message("Value times weight is a contribution; contributions add up to the score."),
    message(
        "Gates (law, protected areas, consent, unproven process) stand beside the score and are never averaged in."
    ),
    message("The UNFC class is text with its reason; it is not turned into a number."),
    message("Facts keep their source, date and category; where sources disagree every side is shown."),
)
