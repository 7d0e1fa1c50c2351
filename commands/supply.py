"""`oreway supply`."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer

from oreway.commands._terminal import JsonFlag, known, plain, print_json, refuse
from oreway.later import later
from oreway.layers.answers import answer
from oreway.layers.rule_days import rules_in_force, today
from oreway.layers.vocabulary import ALLIED_RULES

with later(__name__):
    from oreway.commands._progress import shown
    from oreway.outputs.report.route_tables import best_words, bloc_words, caveats, fill_words, route_note, tie_lines
    from oreway.outputs.words.chain_texts import reason_text
    from oreway.outputs.words.formatting import label
    from oreway.outputs.words.reason_texts import plain_text
    from oreway.scoring.balance.fill import fill
    from oreway.scoring.routes.roads import Leg
    from oreway.scoring.routes.stress import Closure, Hit, history, stress
    from oreway.scoring.routes.supply import Route, Supply, supply
    from oreway.scoring.world.world import World, open_world


def run(
    site: Annotated[str, typer.Argument(help="Site; may be left out with --stress.")] = "",
    *,
    to: Annotated[str, typer.Option(help="Only this refinery.")] = "",
    close: Annotated[list[str] | None, typer.Option(help="Passage to close, e.g. suez; may be repeated.")] = None,
    allied: Annotated[
        str, typer.Option(help="What counts as allied: country_and_owner, country or owner.")
    ] = ALLIED_RULES[0],
    stressed: Annotated[
        bool, typer.Option("--stress", help="Close each passage and plant in turn: who loses which way.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Show deposit → port → refinery, leg by leg, best first, and the steps on to the last product."""
    if stressed:
        _show_stress(site, as_json=as_json)
        return
    if not site:
        refuse("no site: name one, or ask for all of them with --stress")
    told = supply_answer(site, to=to, closed=close or (), allied=allied)
    if as_json:
        print_json(told["document"])
    else:
        typer.echo(told["text"])


def supply_answer(
    site: str,
    *,
    to: str = "",
    closed: Sequence[str] = (),
    allied: str = ALLIED_RULES[0],
    opened: Callable[[], World] | None = None,
) -> dict[str, Any]:
    """Return an answer as JSON has it and as it is read, which no other day changes until a rule begins or ends."""
    asked = [site, to, sorted(set(closed)), allied, rules_in_force(today())]
    return answer(f"supply {asked}", lambda: _told((opened or open_world)(), site, to, closed, allied))


def _told(world: World, site: str, to: str, closed: Sequence[str], allied: str) -> dict[str, Any]:
    found = supply(world, known(world, site), to=to or None, closed=closed, allied_rule=allied)
    names = {str(key): str(name) for key, name in world.sites["name"].items()}
    usual = supply(world, site, to=to or None, allied_rule=allied) if closed else None
    return {"document": supply_document(found, names), "text": "\n".join(_lines(found, usual, names))}


def _lines(found: Supply, usual: Supply | None, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of an answer, beside the usual one where passages are closed."""
    known_product = label("product_known" if found.product_known else "product_taken")
    port = f"port {found.port_name}: {plain_text(found.port_rule)}"
    yield f"{found.site_id}: ships {found.product} ({known_product}); {port}"
    for line in tie_lines(found, names, "en"):
        yield f"tie: {line}"
    for route in found.routes:
        yield from _route_lines(found.site_id, route, usual, names)
    for step in found.chain:
        yield f"step {step.stage}: {step.refinery_id or reason_text(step.reason, 'en', names)}"
    yield from best_words(found, "en", names)
    rule = label(f"allied_{found.allied_rule}")
    yield f"\nbest: {_named(found, found.best)}; best open: {_named(found, found.best_open)}"
    yield f"best allied: {_named(found, found.best_allied)} (rule: {rule})"


def _route_lines(site: str, route: Route, usual: Supply | None, names: Mapping[str, str]) -> Iterator[str]:
    owner = f"owner {route.owner} ({route.owner_country})" if route.owner else ""
    marks = [part for part in (bloc_words(route, "en"), owner, route.status, route.fit, route.tie) if part]
    sums = f"{route.distance_km:,.0f} km, {route.days:.0f} d, US$ {route.usd_per_t:.0f}/t" if route.days else "no sum"
    yield f"\n{route.refinery_id} {route.refinery_name} [{', '.join(marks)}] {sums}"
    if usual is not None and (words := _against_open(route, usual)):
        yield f"  {words}"
    yield f"  {route_note(route, 'en', names)}"
    if filled := fill_words(site, route.refinery_id, "en"):
        yield f"  {filled}"
    for leg in route.legs:
        ends = f"{plain_text(leg.start.name)} → {plain_text(leg.end.name)}"
        yield f"  {leg.mode:5} {ends}: {_leg_words(leg)}"


def _named(found: Supply, plant: str | None) -> str:
    """Return a plant as an answer, with what has to be said of it; "none" where there is none."""
    route = found.route(plant) if plant else None
    told = caveats(route, "en") if route is not None else []
    return (plant or "none") + (f" ({'; '.join(told)})" if told else "")


def _against_open(route: Route, usual: Supply) -> str:
    """Return what the closures add to a route: "+4,263 km", or that they leave none."""
    before = usual.route(route.refinery_id)
    if before is None or before.distance_km is None:
        return ""
    if route.distance_km is None:
        return f"closed: no way left; {before.distance_km:,.0f} km before"
    more = route.distance_km - before.distance_km
    return f"closed: {more:+,.0f} km against {before.distance_km:,.0f} km before"


def _show_stress(site: str, *, as_json: bool) -> None:
    told = answer(f"stress {[site, rules_in_force(today())]}", lambda: _stressed(site))
    if as_json:
        print_json(told["document"])
    else:
        typer.echo(told["text"])


def _stressed(site: str) -> dict[str, Any]:
    """Return what each closure does, of one site or of all for an empty one, as JSON has it and as it is read."""
    world = open_world()
    with shown("stress") as progress:
        closures = stress(world, [known(world, site)] if site else [], progress)
    told = history().to_dict("records")
    document = {"closures": [plain(one) for one in closures], "history": told}
    return {"document": document, "text": "\n".join(_stress_lines(closures, told))}


def _stress_lines(closures: Sequence[Closure], told: Sequence[Mapping[Hashable, str]]) -> Iterator[str]:
    for one in closures:
        tonnes = "" if one.lost_tonnes_per_year is None else f", {one.lost_tonnes_per_year:,.0f} t/a on record lost"
        yield f"{one.kind} {one.name}: {one.lost} lost, {one.changed} changed{tonnes}"
        for hit in one.hits:
            way = "no way left" if hit.lost else f"{hit.after} instead" if hit.after != hit.before else "same plant"
            yield f"  {hit.site_id} → {hit.before}: {way}{_extra(hit)}"
    yield "\npublished for closures of the past:"
    for row in told:
        figure = row["value"] or f"{row['low']}–{row['high']}"
        yield f"  {row['title']}, {row['route'] or row['passage']}: {row['quantity']} {figure} {row['unit']}"


def _extra(hit: Hit) -> str:
    if hit.extra_km is None or hit.extra_days is None or hit.extra_usd_per_t is None:
        return ""
    return f", {hit.extra_km:+,.0f} km, {hit.extra_days:+.0f} d, US$ {hit.extra_usd_per_t:+.0f}/t"


def _leg_words(leg: Leg) -> str:
    if leg.distance_km is None or leg.low_km is None or leg.high_km is None:
        return plain_text(leg.note)
    return f"{leg.distance_km:,.0f} km ({leg.low_km:,.0f}–{leg.high_km:,.0f}), {leg.method}"


def supply_document(found: Supply, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a supply answer for JSON: ends of legs as from and to, reasons in words."""
    routes = [replace(one, legs=tuple(replace(leg, line=()) for leg in one.legs)) for one in found.routes]
    document: dict[str, Any] = plain(replace(found, routes=tuple(routes)))
    document["best_reason"] = " ".join(best_words(found, "en", names)[:1])
    for told, route in zip(document["routes"], found.routes, strict=True):
        told["fit_reason"] = route_note(route, "en", names)
        told["would_fill"] = plain(fill(found.site_id, route.refinery_id))
        del told["reasons"]
        for leg in told["legs"]:
            leg["from"], leg["to"] = leg.pop("start"), leg.pop("end")
            leg.pop("line")
    for told, step in zip(document["chain"], found.chain, strict=True):
        told["reason"] = reason_text(step.reason, "en", names)
    return document
