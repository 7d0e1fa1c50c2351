"""The weights on a map in one file: a reader moves them, and every site's score and colour follow, with no server."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
from branca.element import MacroElement
from folium.template import Template

from oreway.layers.vocabulary import Setting
from oreway.outputs.files.map_files import NO_SCORE, SCORE_COLOURS, SEABED_COLOURS
from oreway.outputs.words.formatting import Language, class_label
from oreway.outputs.words.map_texts import word
from oreway.scoring.judge.assess import Assessment, assess_sites
from oreway.scoring.judge.score import LEAST_COVERAGE
from oreway.scoring.world.criteria import PROFILES
from oreway.scoring.world.world import World

DECIMALS = 6
SCRIPT = """
(function (map, data) {
  const current = {}; let rows = {};
  function judged(site, weights) {
    let known = 0, all = 0, sum = 0;
    data.criteria.forEach((one, i) => {
      const value = site.values[i]; if (value === null) return;
      const weight = weights[one.id] || 0; all += weight;
      if (value >= 0) { known += weight; sum += weight * value; }
    });
    return known > 0 && known / all >= data.least ? 100 * sum / known : null;
  }
  function paint(weights) {
    data.sites.forEach((site) => {
      const total = judged(site, weights || data.profiles[site.profile]), ramp = site.sea ? data.sea : data.land;
      const step = Math.min(Math.floor(total / (100 / ramp.length)), ramp.length - 1);
      const sign = window[site.marker];
      sign.setStyle({ fillColor: total === null ? data.none : ramp[step] });
      const tip = document.createElement('span');
      tip.textContent = site.name + (total === null ? '' : ' · ' + total.toFixed(0) + ' / 100');
      sign.setTooltipContent(tip);
      site.total = total;
    });
  }
  function show(weights) {
    data.criteria.forEach((one) => {
      current[one.id] = weights[one.id] || 0; rows[one.id].value = 100 * current[one.id];
    });
  }
  const control = L.control({ position: 'topright' });
  control.onAdd = () => {
    const box = L.DomUtil.create('details', 'leaflet-bar');
    box.style.cssText = 'background:#fff;padding:6px 9px;max-height:70vh;overflow:auto;width:230px';
    L.DomEvent.disableClickPropagation(box); L.DomEvent.disableScrollPropagation(box);
    const head = L.DomUtil.create('summary', '', box); head.textContent = data.title;
    const choice = L.DomUtil.create('select', '', box); choice.setAttribute('aria-label', data.title);
    [['', data.usual]].concat(Object.keys(data.profiles).map((id) => [id, data.names[id]])).forEach(([id, text]) => {
      const option = L.DomUtil.create('option', '', choice); option.value = id; option.textContent = text;
    });
    data.criteria.forEach((one) => {
      const label = L.DomUtil.create('label', '', box); label.style.display = 'block'; label.textContent = one.name;
      const slider = L.DomUtil.create('input', '', label); slider.type = 'range'; slider.min = 0; slider.max = 100;
      slider.style.width = '100%'; slider.dataset.criterion = one.id; rows[one.id] = slider;
      slider.addEventListener('input', () => {
        current[one.id] = slider.value / 100; choice.selectedIndex = -1; paint(current);
      });
    });
    choice.addEventListener('change', () => {
      show(data.profiles[choice.value || 'equal']); paint(choice.value ? current : null);
    });
    show(data.profiles.equal);
    return box;
  };
  control.addTo(map);
  window.orewayWeights = { paint: paint, sites: data.sites };
})"""


class WeightPanel(MacroElement):
    """A control with a slider a criterion; what it needs stands in the page."""

    _template = Template(
        "{% macro script(this, kwargs) %}{{ this.code }}({{ this._parent.get_name() }}, {{ this.data|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Keep the data, a JSON document."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "WeightPanel"
        self.code, self.data = SCRIPT, dict(data)


def whole_values(world: World, sites: gpd.GeoDataFrame) -> dict[str, Assessment]:
    """Return assessments in which every criterion has a value, of those of the sites that are scored."""
    known = [str(site_id) for site_id in sites.index if site_id in world.sites.index]
    return assess_sites(world, known, weights=dict.fromkeys(world.criteria, 1.0))


def panel_data(
    world: World, found: Mapping[str, Assessment], markers: Mapping[str, str], lang: Language
) -> dict[str, Any]:
    """Return what the panel works with: criteria, profiles, and each site's values by criterion.

    A value is 0 to 1, -1 where it is unknown, null where the criterion does not apply.

    Args:
        world: the opened world.
        found: assessments of `whole_values`.
        markers: the script's name of each site's sign.
        lang: language of the words.
    """
    names = list(world.criteria)
    settings, titles = world.sites["setting"].to_dict(), world.sites["name"].to_dict()
    return {
        "title": word("weights", lang), "usual": word("weights_usual", lang), "none": NO_SCORE,
        "land": SCORE_COLOURS, "sea": SEABED_COLOURS, "least": world.methods.parameters[LEAST_COVERAGE],
        "criteria": [{"id": name, "name": class_label(name, lang, short=True)} for name in names],
        "profiles": {name: dict(world.methods.profile_weights(name)) for name in PROFILES},
        "names": {name: word(f"profile_{name}", lang) for name in PROFILES},
        "sites": [
            {"id": key, "name": str(titles[key]), "marker": markers[key], "sea": settings[key] == Setting.SEABED,
             "profile": world.methods.profile_for(str(settings[key])), "values": _values(one, names)}
            for key, one in found.items() if key in markers
        ],
    }  # fmt: skip


def _values(one: Assessment, names: Sequence[str]) -> list[float | None]:
    bases = {name: value[1] for name, value in one.values.items()}
    return [None if name not in bases else _told(bases[name]) for name in names]


def _told(base: float | None) -> float:
    return -1.0 if base is None else round(base, DECIMALS)
