/* The map by keyboard, and by ear: arrows go from site to site, Shift and arrows move the map, Enter chooses, Esc gives
   back. What is under the keyboard is told in a line that a screen reader reads. */
(function () {
  "use strict";
  const oreway = (window.oreway = window.oreway || {});
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const SAME_PX = 2;

  /* The next place in a direction: the least sum of the way ahead and twice the way aside, within 60 degrees of it. */
  oreway.towards = (places, from, way) => {
    let best = -1, least = Infinity;
    places.forEach(({ x, y }, i) => {
      const dx = x - from.x, dy = y - from.y, ahead = dx * way[0] + dy * way[1], aside = Math.abs(dx * way[1] - dy * way[0]);
      if (ahead < SAME_PX || aside > 1.73 * ahead || ahead + 2 * aside >= least) return;
      [best, least] = [i, ahead + 2 * aside];
    });
    return best;
  };

  oreway.keys = (map, now) => {
    const box = map.getContainer(), said = oreway.element("div", "", "oreway-said");
    const help = oreway.element("div", now.words.keys, "oreway-said");
    help.id = "oreway-keys";
    said.setAttribute("aria-live", "polite");
    box.setAttribute("role", "application");
    box.setAttribute("aria-label", now.words.map);
    box.setAttribute("aria-describedby", help.id);
    box.tabIndex = 0;
    box.append(said, help);
    let held = null, ring = null;

    const shown = () => (now.drawn || "").split(",").filter(Boolean).map((id) => now.sites.get(id).site);
    const let_go = () => { held = null; if (ring) ring.remove(); ring = null; };
    const hold = (site) => {
      let_go();
      held = site;
      const spot = [site.lat, site.lon + now.world];
      if (!map.getBounds().pad(-0.08).contains(spot)) map.panTo(spot, { animate: false });
      ring = L.circleMarker(spot, { radius: site.size + 8, color: "#14597d", weight: 3, fill: false, interactive: false, renderer: now.lineCanvas }).addTo(map);
      said.textContent = site.name + " · " + site.note;
      map.getContainer().dataset.held = site.id;
    };
    const step = (way) => {
      const chosen = now.state.chosen, at = held || chosen, sites = shown();
      const from = at ? map.latLngToContainerPoint([at.lat, at.lon + now.world]) : map.getSize().divideBy(2);
      const spots = sites.map((site) => map.latLngToContainerPoint([site.lat, site.lon + now.world]));
      const next = oreway.towards(spots, from, way);
      if (next >= 0) hold(sites[next]);
    };
    const enter = () => {
      if (now.tool) { now.tool(null); return; }
      if (held) { const site = held; let_go(); oreway.choose(site, now.world); said.textContent = site.name; return; }
      const at = map.getCenter(), place = at.wrap();
      oreway.choosePoint(place.lat, place.lng, at.lng - place.lng);
    };
    const escape = () => {
      let_go();
      map.closePopup();
      if (now.tool) { now.endTool(); return; }
      if (now.state.chosen) { oreway.clear(); said.textContent = now.words.cleared; }
    };
    box.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "Escape") escape();
      else if (event.target !== box) return;
      else if (event.key === "Enter") enter();
      else if (WAYS[event.key] && !event.shiftKey) step(WAYS[event.key]);
      else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }, true);
    map.on("click", let_go);
  };
})();
