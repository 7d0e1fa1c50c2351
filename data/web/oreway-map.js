/* The sites, the click, and what a choice draws. Python sends data only: `oreway.start` once with the address of the
   map's description, `oreway.show` after each choice with a small state. All text goes through textContent. */
(function () {
  "use strict";
  const oreway = (window.oreway = window.oreway || {});
  const WORLDS = [-360, 0, 360];
  const REACH = 3;
  const SIGN = 13;  // pixels from the middle of the chosen sign to the edge of its ring
  const now = { sites: new Map(), state: { lines: [], shown: null, chosen: null }, turn: 0, world: 0, words: {} };
  oreway.now = now;

  function element(tag, text, className) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function tell(value) {
    now.turn += 1;
    window.Streamlit.setComponentValue(Object.assign({ turn: Date.now() * 10 + (now.turn % 10) }, value));
  }

  oreway.complain = (map, what) => {
    if (now.complaint || !map) return;
    now.complaint = L.control({ position: "topleft" });
    now.complaint.onAdd = () => element("div", (now.words.missing || "Missing:") + " " + what, "oreway-box oreway-note");
    now.complaint.addTo(map);
  };

  /* ------------------------------------------------------------------ sites */
  const Mark = L.CircleMarker.extend({
    _updatePath() {
      const canvas = this._renderer;
      if (!canvas._drawing || this._empty()) return;
      const ctx = canvas._ctx, { x, y } = this._point, site = this.options.site, size = this.options.radius;
      ctx.lineJoin = "round";
      if (now.state.chosen && now.state.chosen.id === site.id) {
        ctx.beginPath();
        ctx.arc(x, y, size + 6, 0, 7);
        ctx.lineWidth = 6;
        ctx.strokeStyle = "#fff";
        ctx.stroke();
        ctx.lineWidth = 3;
        ctx.strokeStyle = "#111";
        ctx.stroke();
      }
      oreway.mark(ctx, site, x, y, size);
    },
  });

  /* One site's sign: white rim, fill by score, a stroke through it when no work goes on. */
  oreway.mark = (ctx, site, x, y, size) => {
    oreway.glyph(ctx, site.glyph, x, y, size);
    ctx.lineWidth = 4;
    ctx.strokeStyle = "rgba(255,255,255,.95)";
    ctx.stroke();
    ctx.fillStyle = site.fill;
    ctx.fill();
    ctx.lineWidth = 1.4;
    ctx.strokeStyle = "#1a1a1a";
    ctx.stroke();
    if (!site.stopped) return;
    ctx.beginPath();
    ctx.moveTo(x - size * 0.8, y + size * 0.8);
    ctx.lineTo(x + size * 0.8, y - size * 0.8);
    ctx.lineWidth = 3;
    ctx.strokeStyle = "#fff";
    ctx.stroke();
    ctx.lineWidth = 1.7;
    ctx.strokeStyle = "#b00020";
    ctx.stroke();
  };

  function tip(site) {
    const box = element("div");
    box.append(element("b", site.name), element("span", site.note));
    return box;
  }

  function choose(site, world) {
    now.world = world;
    map_().closePopup();
    now.sites.get(site.id).marks.concat(now.sites.get(site.id).areas).forEach((mark) => mark.closeTooltip());
    now.state = Object.assign({}, now.state, { chosen: { id: site.id, lon: site.lon, lat: site.lat }, lines: [] });
    refresh(now.map);
    tell({ kind: "site", id: site.id });
  }

  function choosePoint(lat, lon, world) {
    now.world = world;
    now.map.closePopup();
    now.state = Object.assign({}, now.state, { chosen: { lon, lat }, lines: [] });
    refresh(now.map);
    tell({ kind: "point", lon, lat });
  }

  oreway.choosePoint = choosePoint;
  oreway.choose = choose;
  oreway.element = element;
  oreway.tell = tell;
  const map_ = () => now.map;

  /* The signs under a place of the screen, nearest first: [{x, y, size}] -> indices. */
  oreway.under = (signs, x, y) => signs.map((one, i) => [Math.hypot(one.x - x, one.y - y) - one.size, i])
    .filter(([away]) => away <= REACH).sort((a, b) => a[0] - b[0]).map(([, i]) => i);

  function lying(latlng, world) {
    const at = now.map.latLngToContainerPoint(latlng);
    const drawn = (now.drawn || "").split(",").filter(Boolean).map((id) => now.sites.get(id).site);
    const signs = drawn.map((site) => {
      const { x, y } = now.map.latLngToContainerPoint([site.lat, site.lon + world]);
      return { x, y, size: site.size };
    });
    return oreway.under(signs, at.x, at.y).map((i) => drawn[i]);
  }

  /* One place is chosen at once; where several lie on each other, a list asks which. */
  function pick(latlng, area) {
    const world = latlng.lng - latlng.wrap().lng, map = now.map;
    if (now.tool) { now.tool(latlng); return; }
    const own = now.own && now.own.at(map, latlng), sites = lying(latlng, world);
    if (own && own.members.length > 1 && !sites.length) { map.fitBounds(now.own.box(own).pad(0.3), { maxZoom: Math.max(12, map.getZoom()) }); return; }
    const found = sites.length || own ? sites : area ? [area] : [];
    const acts = found.map((site) => ({ site, text: site.name, note: site.note, act: () => choose(site, world) }));
    if (own && own.members.length === 1) {
      const i = own.members[0], points = now.own.points;
      const site = { glyph: "own", fill: points.fill[i] };
      acts.unshift({ site, text: points.name[i], note: points.note[i], act: () => choosePoint(points.lat[i], points.lon[i], world) });
    }
    if (!acts.length) choosePoint(latlng.wrap().lat, latlng.wrap().lng, world);
    else if (acts.length === 1) acts[0].act();
    else list(latlng, acts);
  }

  function list(latlng, acts) {
    now.marks.eachLayer((mark) => mark.closeTooltip());
    const box = element("div", undefined, "oreway-list");
    box.append(element("b", now.words.which));
    acts.forEach((one) => {
      const button = element("button");
      button.type = "button";
      button.append(sample((ctx) => oreway.mark(ctx, one.site, 8, 8.5, 5)), element("span", one.text), element("small", one.note));
      button.onclick = one.act;
      box.append(button);
    });
    const room = { maxWidth: Math.min(320, now.map.getSize().x - 142), maxHeight: 260, autoPanPaddingTopLeft: [52, 8], autoPanPaddingBottomRight: [62, 8] };
    L.popup(Object.assign({ className: "oreway-popup" }, room))
      .setLatLng(latlng).setContent(box).openOn(now.map);
    box.querySelector("button").focus({ preventScroll: true });
  }

  /* Areas first, signs above them; each in three worlds. */
  function addSites(map, collection) {
    now.marks = now.marks || L.layerGroup().addTo(map);
    collection.features.forEach((feature) => {
      const site = feature.properties, at = (lon, lat, world) => L.latLng(lat, lon + world);
      const hook = (mark) => mark.on("click", (event) => pick(event.latlng, site))
        .bindTooltip(() => tip(site), { className: "oreway-tip", sticky: true });
      const areas = feature.geometry.type === "Point" ? [] : WORLDS.map((world) => hook(L.geoJSON(feature, {
        coordsToLatLng: (position) => at(position[0], position[1], world),
        style: { color: "#3b2a5c", weight: 2, fillColor: site.area, fillOpacity: 0.25, bubblingMouseEvents: false },
      }).getLayers()[0]));
      const marks = WORLDS.map((world) => hook(
        new Mark(at(site.lon, site.lat, world), { site, radius: site.size, bubblingMouseEvents: false })));
      now.sites.set(site.id, { site, areas, marks });
    });
  }

  /* The ids of the sites to draw; parts of a deposit wait until one has zoomed in, or until they are chosen. */
  oreway.visible = (sites, state, zoom) => {
    const shown = state.shown && new Set(state.shown), hidden = new Set(state.hidden || []);
    const chosen = state.chosen && state.chosen.id;
    return sites.filter(({ id, z }) => (shown ? shown.has(id) : !hidden.has(id)) && (z <= zoom || id === chosen))
      .map(({ id }) => id);
  };

  function filter(map) {
    const all = Array.from(now.sites.values(), ({ site }) => site);
    const wanted = oreway.visible(all, now.state, map.getZoom()).map((id) => now.sites.get(id));
    const key = wanted.map((one) => one.site.id).join();
    if (key === now.drawn) return;
    now.drawn = key;
    now.marks.clearLayers();
    wanted.forEach(({ areas }) => areas.forEach((area) => now.marks.addLayer(area)));
    wanted.forEach(({ marks }) => marks.forEach((mark) => now.marks.addLayer(mark)));
    map.getContainer().dataset.shown = wanted.length;
  }

  /* ------------------------------------------------------------------ lines to what is near */
  const radians = Math.PI / 180;

  /* Points of the great circle, longitudes running on past 180 so that no line crosses the map. */
  function arc(from, to) {
    const vector = ([lon, lat]) => [Math.cos(lat * radians) * Math.cos(lon * radians), Math.cos(lat * radians) * Math.sin(lon * radians), Math.sin(lat * radians)];
    const a = vector(from), b = vector(to);
    const angle = Math.acos(Math.max(-1, Math.min(1, a[0] * b[0] + a[1] * b[1] + a[2] * b[2])));
    const steps = Math.max(1, Math.ceil(angle / radians / 1.5)), out = [[from[1], from[0]]];
    let last = from[0];
    for (let i = 1; i <= steps; i += 1) {
      const t = i / steps;
      const [u, v] = angle < 1e-9 ? [1 - t, t] : [Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle)];
      const [x, y, z] = [0, 1, 2].map((k) => u * a[k] + v * b[k]);
      let lon = Math.atan2(y, x) / radians;
      lon += 360 * Math.round((last - lon) / 360);
      out.push([Math.atan2(z, Math.hypot(x, y)) / radians, lon]);
      last = lon;
    }
    return out;
  }

  oreway.arc = arc;

  function refresh(map) {
    if (!now.lines || !now.marks) return;
    filter(map);
    now.lines.clearLayers();
    now.ends = [];
    now.spots = [];
    const chosen = now.state.chosen;
    if (chosen) {
      const from = [chosen.lon + now.world, chosen.lat];
      now.state.lines.forEach((line) => {
        const points = arc(from, [line.lon, line.lat]);
        const stroke = { interactive: false, renderer: now.lineCanvas, lineCap: "round" };
        L.polyline(points, Object.assign({ color: "#fff", weight: 5, opacity: 0.85 }, stroke)).addTo(now.lines);
        const look = now.looks[line.class] || { colour: "#444" };
        L.polyline(points, Object.assign({ color: look.colour, weight: 2.5, dashArray: look.dash }, stroke)).addTo(now.lines);
        now.ends.push({ points: points.map((point) => L.latLng(point)), text: line.text, label: null });
      });
      if (!chosen.id) {
        L.circleMarker([chosen.lat, from[0]], { radius: 6, color: "#111", weight: 2, fillColor: "#fff", fillOpacity: 1, interactive: false, renderer: now.lineCanvas }).addTo(now.lines);
      }
    }
    drawRoutes();
    if (oreway.drawArea) oreway.drawArea(now);
    now.marks.eachLayer((mark) => { if (mark instanceof Mark) mark.redraw(); });
    const top = chosen && chosen.id && now.sites.get(chosen.id);
    if (top) top.marks.forEach((mark) => { if (now.marks.hasLayer(mark)) mark.bringToFront(); });
    now.buttons.getContainer().hidden = !chosen || !now.state.lines.length;
    label(map);
  }

  /* Legs of a route and things a user has drawn; their longitudes run on, so they only move to the world in view. */
  function drawRoutes() {
    const colours = { sea: "#0072B2", rail: "#111111", road: "#D55E00", built: "#b00020" };
    (now.state.routes || []).forEach((leg) => {
      const points = leg.points.map(([lon, lat]) => L.latLng(lat, lon + now.world));
      const stroke = { interactive: false, renderer: now.lineCanvas, lineCap: "round", lineJoin: "round" };
      const colour = colours[leg.mode] || "#444";
      if (points.length === 1) {
        L.circleMarker(points[0], Object.assign({ radius: 7, color: "#fff", weight: 2, fillColor: colour, fillOpacity: 1 }, stroke)).addTo(now.lines);
        if (leg.text) now.spots.push({ at: points[0], text: leg.text, label: null });
        return;
      }
      L.polyline(points, Object.assign({ color: "#fff", weight: 6, opacity: 0.9 }, stroke)).addTo(now.lines);
      L.polyline(points, Object.assign({ color: colour, weight: 3, dashArray: leg.sure ? null : "5 6" }, stroke)).addTo(now.lines);
      const middle = points[Math.floor(points.length / 2)];
      const at = points.length === 2 ? L.latLng((points[0].lat + points[1].lat) / 2, (points[0].lng + points[1].lng) / 2) : middle;
      if (leg.text) now.spots.push({ at, text: leg.text, label: null });
    });
    now.map.getContainer().dataset.routes = (now.state.routes || []).length;
  }

  function fitRoutes(map) {
    now.world = 0;
    const points = now.state.routes.flatMap((leg) => leg.points.map(([lon, lat]) => L.latLng(lat, lon)));
    map.fitBounds(L.latLngBounds(points), { maxZoom: 9, animate: false, paddingTopLeft: [58, 30], paddingBottomRight: [64, 40] });
  }

  /* A line's label stands at its end, or where the line leaves the view; labels that would touch give way. */
  function label(map) {
    const size = map.getSize(), taken = [], edge = { left: 12, top: 14, right: size.x - 12, bottom: size.y - 14 };
    const inside = (p) => p.x >= edge.left && p.x <= edge.right && p.y >= edge.top && p.y <= edge.bottom;
    const at = now.state.chosen && map.latLngToContainerPoint([now.state.chosen.lat, now.state.chosen.lon + now.world]);
    if (at) taken.push([at.x - SIGN, at.y - SIGN, at.x + SIGN, at.y + SIGN]);  // no label covers the chosen place
    if (now.buttons) [...map.getContainer().querySelectorAll(".leaflet-top.leaflet-left > *")].filter((box) => !box.hidden)
      .forEach((box) => taken.push([0, 0, box.offsetLeft + box.offsetWidth + 14, box.offsetTop + box.offsetHeight + 16]));
    (now.ends || []).forEach((end) => {
      if (end.label) end.label.remove();
      end.label = null;
      const path = end.points.map((point) => map.latLngToContainerPoint(point));
      if (!inside(path[0])) return;
      let at = path[path.length - 1];
      const out = path.findIndex((p) => !inside(p));
      if (out > 0) {
        let [a, b] = [path[out - 1], path[out]];
        for (let i = 0; i < 12; i += 1) {
          const middle = a.add(b).divideBy(2);
          if (inside(middle)) a = middle; else b = middle;
        }
        at = a;
      }
      if (at.distanceTo(path[0]) < 26) return;
      const flip = at.x + wide(end.text) + 10 > size.x || (at.x < path[0].x && at.x - wide(end.text) > 10);
      end.label = write(map, taken, end.text, [[at, flip], [at, !flip], ...[-20, 20].flatMap((dy) => [[at.add([0, dy]), flip], [at.add([0, dy]), !flip]])]);
    });
    (now.spots || []).forEach((spot) => {
      if (spot.label) spot.label.remove();
      const at = map.latLngToContainerPoint(spot.at), over = at.x + wide(spot.text) + 10 > size.x;
      const ways = [[at, over], [at, !over], ...[-22, 22].flatMap((dy) => [[at.add([0, dy]), over], [at.add([0, dy]), !over]])];
      spot.label = inside(at) ? write(map, taken, spot.text, ways) : null;
    });
  }

  function wide(text) {
    return [...text].reduce((sum, sign) => sum + (sign > "\u2e7f" ? 11 : 6.1), 14);
  }

  /* Write a label at the first of the places where it is whole and touches no other; nothing where there is none. */
  function write(map, taken, text, ways) {
    for (const [at, flip] of ways) {
      const left = flip ? at.x - wide(text) - 7 : at.x + 7, box = [left, at.y - 10, left + wide(text), at.y + 10];
      if (box[0] < 1 || box[2] > map.getSize().x - 1) continue;
      if (taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1])) continue;
      taken.push(box);
      return L.marker(map.containerPointToLatLng(at), {
        icon: L.divIcon({ className: "oreway-label", html: element("div", text, flip ? "left" : "") }), interactive: false, keyboard: false,
      }).addTo(now.lines);
    }
    return null;
  }

  function goTo(map, chosen, near) {
    const points = [L.latLng(chosen.lat, chosen.lon + now.world)];
    if (near) (now.ends || []).filter((end) => end.points[0].distanceTo(end.points[end.points.length - 1]) < near)
      .forEach((end) => points.push(end.points[end.points.length - 1]));
    map.fitBounds(L.latLngBounds(points).pad(0.15), { maxZoom: 9, animate: false });
  }

  /* ------------------------------------------------------------------ controls */
  function sample(draw) {
    const canvas = document.createElement("canvas"), ctx = canvas.getContext("2d");
    canvas.width = canvas.height = 32;
    ctx.scale(2, 2);
    draw(ctx);
    return canvas;
  }

  /* A line of the legend; one with a filter is a button that shows its sites alone. */
  function line(row, hint) {
    const one = element(row.filter ? "button" : "span", undefined, "row");
    one.append(sample((ctx) => {
      if (row.opacity !== undefined) {
        oreway.glyph(ctx, "square", 8, 8, 5);
        Object.assign(ctx, { fillStyle: "#f1ecdf", strokeStyle: "#8a8a8a" }).fill();
        ctx.stroke();
        Object.assign(ctx, { globalAlpha: row.opacity, fillStyle: row.fill }).fill();
        return;
      }
      if (row.glyph === "area") ctx.globalAlpha = 0.5;
      oreway.mark(ctx, row, 8, 8.5, row.size || 5);
    }), row.text);
    if (row.own) { one.hidden = true; now.ownRow = one; }
    return row.filter ? asks(one, row.filter, hint) : one;
  }

  function asks(button, wanted, hint) {
    button.type = "button";
    button.title = hint;
    button.onclick = () => tell({ kind: "filter", filter: wanted });
    return button;
  }

  /* The legend stands under the map, so that it hides nothing of it; both fill the frame, however high that is. */
  function legend(map, about) {
    const strip = element("div", undefined, "oreway-legend"), whole = map.getContainer();
    strip.setAttribute("role", "group");
    strip.setAttribute("aria-label", about.title);
    about.groups.forEach((group) => {
      const box = element("div", undefined, "group");
      if (group.title) box.append(element("b", group.title));
      if (group.ramp) {
        const ramp = element("span", undefined, "ramp");
        ramp.append(group.ends[0]);
        group.ramp.forEach((colour, i) => {
          const cell = asks(element("button"), group.filters[i], group.names[i] + " · " + about.hint);
          cell.setAttribute("aria-label", group.title + " " + group.names[i]);
          cell.style.background = colour;
          ramp.append(cell);
        });
        ramp.append(group.ends[1]);
        box.append(ramp);
      }
      group.rows.forEach((row) => box.append(line(row, about.hint)));
      strip.append(box);
    });
    whole.after(strip);
    const fit = () => {
      const wanted = Math.max(260, window.innerHeight - strip.offsetHeight);
      if (whole.clientHeight !== wanted) { whole.style.height = wanted + "px"; map.invalidateSize({ animate: false }); }
    };
    new ResizeObserver(fit).observe(strip);  // its height changes with the width and when the fonts arrive
    window.addEventListener("resize", fit);
    fit();
  }

  function buttons(map, words) {
    const control = L.control({ position: "topleft" });
    control.onAdd = () => {
      const box = element("div", undefined, "leaflet-bar oreway-buttons");
      const add = (text, act) => { const one = element("button", text); one.type = "button"; one.onclick = act; box.append(one); };
      add(words.near, () => goTo(map, now.state.chosen, 450e3));
      add(words.far, () => goTo(map, now.state.chosen, 3e7));
      box.hidden = true;
      L.DomEvent.disableClickPropagation(box);
      return box;
    };
    return control.addTo(map);
  }

  /* A named switch for several drawn items; Leaflet's own control turns it on and off. */
  const Switch = L.Layer.extend({
    initialize(painter, items) { this.painter = painter; this.items = items; },
    onAdd() { this.set(true); },
    onRemove() { this.set(false); },
    set(on) { this.items.forEach((item) => { item.on = on; }); this.painter.redraw(); },
  });

  function switches(map, about, painters) {
    const named = (text, item) => {
      const span = element("span");
      if (item && item.glyph) span.append(sample((ctx) => {
        oreway.glyph(ctx, item.glyph, 8, 8, 5); ctx.fillStyle = item.fill; ctx.fill();
      }));
      else if (item && item.stroke) span.append(sample((ctx) => {
        ctx.strokeStyle = item.stroke; ctx.lineWidth = 2.5; ctx.setLineDash(item.dash || []);
        ctx.beginPath(); ctx.moveTo(0, 8); ctx.lineTo(16, 8); ctx.stroke();
      }));
      span.append(" " + text);
      return span.innerHTML === undefined ? text : span;
    };
    const bases = {}, overlays = {}, swatches = {};
    ["offline", "dark"].forEach((key) => { bases[plain(about.words[key])] = Object.assign(L.layerGroup(), { key }); });
    about.tiles.forEach((tile) => {
      bases[plain(tile.title)] = L.tileLayer(tile.url, {
        key: tile.key, attribution: plain(tile.attribution), maxZoom: 19, maxNativeZoom: tile.zoom, referrerPolicy: "strict-origin-when-cross-origin",
      });
    });
    about.switches.forEach((one) => {
      const items = about.items.filter((item) => item.group === one.group);
      const layer = new Switch(items[0].pane === "base" ? painters.base : painters.over, items);
      overlays[plain(one.title)] = layer;
      swatches[plain(one.title)] = named(one.title, items[0]);
      layer.group = one.group;
      layer.usual = one.on;
      if (one.on) layer.addTo(map);
    });
    now.bases = Object.values(bases);
    now.usual = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "offline";
    const first = now.bases.find((layer) => layer.key === now.usual).addTo(map);
    now.switches = Object.values(overlays);
    map.on("baselayerchange", (event) => shade(map, event.layer));
    const control = L.control.layers(bases, overlays, { collapsed: true }).addTo(map);
    if (first.key === "dark") shade(map, first);
    control.getContainer().querySelectorAll(".leaflet-control-layers-overlays label span span").forEach((span) => {
      const swatch = swatches[plain(span.textContent.trim())];
      if (swatch) span.replaceChildren(...swatch.childNodes);
    });
  }

  /* Light, dark, or tiles of the net; where the net is not there, say so once and leave the offline map as it is. */
  function shade(map, layer) {
    oreway.dark = layer.key === "dark";
    map.getContainer().classList.toggle("oreway-dark", oreway.dark);
    Object.values(now.painters).forEach((painter) => painter.redraw());
    notice(map, "");
    if (!layer.getTileUrl || layer.told) return;
    layer.told = true;
    layer.on("tileerror", () => notice(map, now.words.no_net)).on("tileload", () => notice(map, ""));
  }

  /* Paper is light, whatever the screen. A canvas that is painted while a page is printed stays blank on paper: what
     is painted for it is a picture that stands in the canvas's place. */
  window.matchMedia("print").addEventListener("change", (event) => {
    if (!now.painters || !now.map) return;
    const base = now.bases.find((layer) => now.map.hasLayer(layer));
    if (!base || base.key !== "dark") return;
    oreway.dark = !event.matches;
    now.map.getContainer().classList.toggle("oreway-dark", oreway.dark);
    Object.values(now.painters).forEach((painter) => painter.onPaper(event.matches));
  });

  function notice(map, text) {
    if (now.notice) now.notice.remove();
    now.notice = null;
    if (!text) return;
    now.notice = L.control({ position: "topleft" });
    now.notice.onAdd = () => Object.assign(element("div", text, "oreway-box oreway-note"), { role: "status" });
    now.notice.addTo(map);
  }

  oreway.notice = (text) => notice(now.map, text);

  const plain = (text) => element("i", text).innerHTML;

  /* ------------------------------------------------------------------ start and show */
  oreway.options = { center: [25, 20], zoom: 2, preferCanvas: true, zoomSnap: 0.25, fadeAnimation: false };
  oreway.start = (map, url, loading) => {
    now.map = map;
    now.loading = element("div", loading, "oreway-box oreway-loading");
    now.loading.setAttribute("role", "status");
    map.getContainer().append(now.loading);
    ["base", "over", "line", "own"].forEach((name, i) => { map.createPane("oreway-" + name).style.zIndex = [150, 350, 380, 420][i]; });
    now.tip = L.tooltip({ className: "oreway-tip", direction: "top", offset: [0, -8] });
    map.options.renderer = L.canvas({ tolerance: 4, padding: 0.3 });  // the only canvas that takes clicks
    now.lineCanvas = L.canvas({ pane: "oreway-line", padding: 0.3 });
    map.on("click", (event) => pick(event.latlng));
    map.on("mousemove mouseout", (event) => hover(map, event));
    map.on("zoomend moveend resize", () => { if (now.marks) filter(map); label(map); });
    oreway.get(url).then((about) => {
      now.words = about.words;
      now.looks = about.lines;
      legend(map, about.legend);
      map.fitBounds(about.view, { animate: false });
      if (now.loading) now.loading.remove();
      const pane = (name) => new oreway.Painter(about.items.filter((item) => item.pane === name), { pane: "oreway-" + name }).addTo(map);
      const painters = { base: pane("base"), over: pane("over"), own: pane("own") };
      now.painters = painters;
      painters.base.on("drawn", (event) => { if (event.item.land) map.getContainer().dataset.land = "drawn"; });
      map.attributionControl.setPrefix(false).addAttribution(plain(about.attribution));
      L.control.scale({ imperial: false, position: "bottomright", maxWidth: 130 }).addTo(map);
      switches(map, about, painters);
      now.buttons = buttons(map, about.words);
      if (oreway.tools) oreway.tools(map, now);
      if (oreway.keys) oreway.keys(map, now);
      if (oreway.keep) oreway.keep(map, now);
      return oreway.get(about.sites);
    }).then((collection) => {
      addSites(map, collection);
      now.lines = L.layerGroup().addTo(map);
      map.getContainer().dataset.sites = collection.features.length;
      takeOwn(map, now.state.own || "");
      settle(map);
      const redraw = () => { now.painters.base.redraw(); now.painters.over.redraw(); now.painters.own.redraw(); };
      if (document.fonts) document.fonts.ready.then(redraw);
    }).catch((fault) => { oreway.complain(map, url); throw fault; });
  };

  /* Put the world copy under the eye; move there only when the choice was not made on the map. */
  function settle(map) {
    const state = now.state;
    if (!now.lines) return;
    if (now.kept && state.chosen) now.moved = state.move;  // a link's own view goes before the choice's
    now.kept = false;
    if (state.chosen && state.move) now.world = 0;
    refresh(map);
    if (state.fit && state.fit !== now.fitted && (state.routes || []).length) {
      now.fitted = state.fit;
      fitRoutes(map);
      refresh(map);
    } else if (state.chosen && state.move && state.move !== now.moved) {
      now.moved = state.move;
      const view = map.getBounds().pad(-0.1), inView = WORLDS.find((world) => view.contains([state.chosen.lat, state.chosen.lon + world]));
      if (inView !== undefined && map.getZoom() >= 5) { now.world = inView; refresh(map); } else goTo(map, state.chosen, 450e3);
    }
    map.getContainer().dataset.chosen = state.chosen ? state.chosen.id || "point" : "";
    now.settled = (now.settled || 0) + 1;
    map.getContainer().dataset.settled = now.settled;
    map.getContainer().dataset.lines = now.ends ? now.ends.length : 0;
  }

  /* Name the own point under the mouse. */
  function hover(map, event) {
    const free = event.type === "mousemove" && now.own;
    const own = free ? now.own.at(map, event.latlng) : undefined;
    map.getContainer().style.cursor = own ? "pointer" : "";
    if (!own || own.members.length > 1) { now.tip.remove(); return; }
    const i = own.members[0], box = tip({ name: now.own.points.name[i], note: now.own.points.note[i] });
    const world = event.latlng.lng - event.latlng.wrap().lng;
    now.tip.setLatLng([now.own.points.lat[i], now.own.points.lon[i] + world]).setContent(box).addTo(map);
  }

  /* The user's own sites come by an address only this session knows; a new address takes the place of the old. */
  function takeOwn(map, url) {
    if (!now.painters || url === now.ownUrl) return;
    now.ownUrl = url;
    if (!url) { showOwn(map, null); return; }
    oreway.get(url).then((points) => { if (now.ownUrl === url) showOwn(map, new oreway.Own(points)); })
      .catch(() => oreway.complain(map, url));
  }

  function showOwn(map, own) {
    now.own = own;
    if (now.ownRow) now.ownRow.hidden = !own;
    if (own && own.x.length && !now.state.chosen && !now.viewed) {
      map.fitBounds(L.latLngBounds(own.points.lat.map((lat, i) => [lat, own.points.lon[i]])).pad(0.2), { maxZoom: 8, animate: false });
    }
    now.tip.remove();
    now.painters.own.items = own ? [own] : [];
    now.painters.own.redraw();
    map.getContainer().dataset.own = own ? own.x.length : 0;
  }

  /* Score or remoteness of a region as a picture under the sites, with its own small legend. */
  function drawSurface(map, surface) {
    const url = surface ? surface.url : "";
    if (url === (now.surfaceUrl || "")) return;
    now.surfaceUrl = url;
    if (now.surface) now.surface.forEach((part) => part.remove());
    now.surface = null;
    map.getContainer().dataset.surface = surface ? surface.title : "";
    if (!surface) return;
    const scale = L.control({ position: "bottomleft" });
    scale.onAdd = () => {
      const box = element("div", undefined, "oreway-box oreway-scale");
      box.append(element("b", surface.title));
      surface.classes.forEach(([colour, text]) => {
        const row = element("span", undefined, "row"), cell = element("i");
        cell.style.background = colour;
        row.append(cell, text);
        box.append(row);
      });
      return box;
    };
    now.surface = [scale.addTo(map)];
    WORLDS.forEach((world) => now.surface.push(L.imageOverlay(
      url, surface.bounds.map(([lat, lon]) => [lat, lon + world]), { opacity: 0.62, pane: "oreway-over", alt: surface.title },
    ).addTo(map)));
  }

  oreway.show = (map, state) => {
    now.state = state;
    if (oreway.rehash) oreway.rehash();
    drawSurface(map, state.surface);
    takeOwn(map, state.own || "");
    settle(map);
    return L.layerGroup();
  };
})();
