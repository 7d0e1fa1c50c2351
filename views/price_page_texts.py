"""The words of the page of prices."""

from oreway.outputs.words.translation import message, message_in

PRICE_WORDS: dict[str, str] = {
    "prices": message("Price"),
    "prices_title": message("What price each site needs"),
    "prices_intro": message(
        "A break-even price for every site with a tonnage: capital and operating cost by the U.S. Bureau of Mines' "
        "published equations, corrected by published studies; a site's own study in their place where it has one. Each "
        "price is a range, P10 to P90, in money of 2024. A rough estimate to compare sites by, not an appraisal."
    ),
    "prices_rare_earths_only": message("Rare earths only"),
    "prices_firm": message("Without figures on one weak page"),
    "prices_firm_hint": message(
        "Leaves out tonnes, grades, the pace of mining and money that neither a primary source nor a second page "
        "prints and that do not add up with such figures: those sites take the next best figure or lose their price."
    ),
    "prices_told": message(
        "{priced} of {all} sites have a price. At dumping prices {dumping} of them earn their cost in half of the "
        "draws or more, at middle prices {mid}, at high ones {high}."
    ),
    "prices_floors": message("The floor at which a site enters"),
    "prices_floors_hint": message(
        "The price of NdPr oxide at which a site breaks even while all else stays at middle prices: bar P10 to P90, "
        "dot P50; upright lines are the price decks. By-products without a price count as nothing."
    ),
    "prices_curve": message("What a floor brings"),
    "prices_curve_hint": message(
        "Tonnes a year of the sites that would break even under a floor and start by the year; bands P10 to P90. "
        "Years to a start are assumptions by stage, and every site could fail for other reasons."
    ),
    "prices_product": message("Product"),
    "prices_tonnes": message("Tonnes a year wanted"),
    "prices_floor_for": message("Floor in US$/kg NdPr oxide that brings {tonnes} t/y of {product} oxides"),
    "col_half": message("in half of the draws"),
    "col_nine": message("in nine of ten"),
    "col_one": message("in one of ten"),
    "prices_no_floor": message("none up to {most}"),
    "prices_missing": message("Sites without a price, and what is missing"),
    "prices_check": message("How far to trust it: published studies"),
    "prices_check_told": message(
        "{quantity}: {inside} of {number} studies kept for the check alone lie within P10 to P90; the middle is {bias} "
        "times what they print."
    ),
    "prices_check_share": message(
        "Eight in ten should lie within P10 to P90. Where fewer do, the ranges are too narrow; they are not widened to "
        "fit."
    ),
    "prices_check_route": message("Capital by process route: studies kept for the check alone"),
    "col_route": message("Process route"),
    "col_studies": message("Studies"),
    "col_number_inside": message("Of them within P10 to P90"),
    "col_ratio": message("Middle over printed"),
    "prices_twelve": message(
        "O'Brien and Alonso (Mineral Economics, 2025) found nine of twelve projects outside China to pay at the "
        "prices of 2011 and none at those of 2016. Which twelve, and by what figures, no text says that we could read "
        "(abstract, RePEc, the publisher's page; no data release found), so that count is not reproduced. The same "
        "question to our {all} rare earth sites: {high} and {low}."
    ),
    "prices_check_hint": message(
        "Where it does not hold: nickel by pressure leaching is far too cheap here; graphite too dear, since our "
        "access bill alone exceeds the whole capital of its studies; rare earth concentrators lean low."
    ),
    "quantity_capital": message("Capital"),
    "quantity_operating": message("Operating cost"),
    "quantity_break-even revenue": message("Break-even revenue"),
    "col_product": message_in("of a site", "Product"),
    "col_unit": message("Unit"),
    "col_p10": message_in("column", "P10"),
    "col_p50": message_in("column", "P50"),
    "col_p90": message_in("column", "P90"),
    "col_enters": message("Enters at US$/kg NdPr"),
    "col_t_per_y": message("t/y"),
    "col_survive_dumping": message("Earns its cost: dumping %"),
    "col_survive_mid": message("middle %"),
    "col_survive_floor": message("floor %"),
    "col_survive_high": message("high %"),
    "col_drivers": message("Driven by"),
    "col_costs": message("Costs from"),
    "col_missing": message("Missing"),
    "col_study": message("Study"),
    "col_quantity": message("What"),
    "col_published": message("Published, US$M of 2024"),
    "col_inside": message("Within"),
    "col_used_for": message("Used for"),
    "used_check": message("the check alone"),
    "used_fit": message("the correction"),
    "used_source": message("a cost of conversion"),
    "by_equations": message("equations"),
}
