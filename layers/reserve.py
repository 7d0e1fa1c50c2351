"""The rule that puts a project into the Australian layer, the same for every row."""

from collections.abc import Container, Mapping

from oreway.layers.vocabulary import LayerRule, SiteKind, Stage, Standing

FIRST_SCOPE = frozenset({"Sb", "Ga", "REE", "HREE"})  # release of 12 January 2026, in data/methods/programmes.csv
HELD = (SiteKind.PLANT, SiteKind.STOCKPILE)
STAGES = list(Stage)


def holds_first_mineral(site: Mapping[str, str]) -> bool:
    """Tell whether a site holds a mineral of the Reserve's first scope, at least as an estimated resource."""
    if FIRST_SCOPE.isdisjoint(site["commodities"].split(";")) or site["standing"] == Standing.CANCELLED:
        return False
    return site["kind"] in HELD or STAGES.index(Stage(site["stage"])) >= STAGES.index(Stage.RESOURCE)


def layer_rule(site: Mapping[str, str], named: Container[str]) -> LayerRule:
    """Return why a site stands in the layer; named holds the ids of those with a fact named_in."""
    held, is_named = holds_first_mineral(site), site["site_id"] in named
    if held and is_named:
        return LayerRule.BOTH
    if held or is_named:
        return LayerRule.RESERVE_MINERAL if held else LayerRule.FRAMEWORK_NAMED
    return LayerRule.CONTEXT
