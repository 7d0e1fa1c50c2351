/* Tools of the map: measure a way, draw an area whose sites are listed, keep the map as a picture. */
(function () {
  "use strict";
  const oreway = (window.oreway = window.oreway || {});
  const RAD = Math.PI / 180, A = 6378137, F = 1 / 298.257223563, B = A * (1 - F);  // WGS 84
  const TURNS = 200, CLOSE_PX = 9, DECIMALS = 4;

  /* Metres between two (lon, lat) on the ellipsoid, by Vincenty's inverse formula; the antipode, where it does not
     settle, by the sphere of the same mean radius. */
  oreway.metres = ([lon1, lat1], [lon2, lat2]) => {
    const l = (((lon2 - lon1) % 360) + 540) % 360 - 180, L0 = l * RAD;
    const U1 = Math.atan((1 - F) * Math.tan(lat1 * RAD)), U2 = Math.atan((1 - F) * Math.tan(lat2 * RAD));
    const [s1, c1, s2, c2] = [Math.sin(U1), Math.cos(U1), Math.sin(U2), Math.cos(U2)];
    let lambda = L0;
    for (let i = 0; i < TURNS; i += 1) {
      const sl = Math.sin(lambda), cl = Math.cos(lambda);
      const ss = Math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl), cs = s1 * s2 + c1 * c2 * cl;
      if (ss === 0) return 0;
      const sigma = Math.atan2(ss, cs), sa = (c1 * c2 * sl) / ss, ca2 = 1 - sa * sa;
      const cm = ca2 < 1e-12 ? 0 : cs - (2 * s1 * s2) / ca2;
      const C = (F / 16) * ca2 * (4 + F * (4 - 3 * ca2)), old = lambda;
      lambda = L0 + (1 - C) * F * sa * (sigma + C * ss * (cm + C * cs * (2 * cm * cm - 1)));
      if (Math.abs(lambda - old) > 1e-12) continue;
      const u2 = (ca2 * (A * A - B * B)) / (B * B);
      const a = 1 + (u2 / 16384) * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
      const b = (u2 / 1024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
      const d = b * ss * (cm + (b / 4) * (cs * (2 * cm * cm - 1) - (b / 6) * cm * (4 * ss * ss - 3) * (4 * cm * cm - 3)));
      return B * a * (sigma - d);
    }
    const half = Math.sin(((lat2 - lat1) * RAD) / 2) ** 2 + Math.cos(lat1 * RAD) * Math.cos(lat2 * RAD) * Math.sin(L0 / 2) ** 2;
    return 2 * ((2 * A + B) / 3) * Math.asin(Math.min(1, Math.sqrt(half)));
  };

  const told = (metres) => (metres < 10e3 ? (metres / 1e3).toFixed(2) : metres < 100e3 ? (metres / 1e3).toFixed(1) : Math.round(metres / 1e3).toLocaleString(document.documentElement.lang || "en")) + "\u00a0km";
  const ICONS = {
    measure: "M2 14 14 2M4.5 8.5l2 2M7.5 5.5l2 2M10.5 2.5l2 2",
    area: "M3 5 9 2 14 8 10 14 3 12Z",
    picture: "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
  };

  function icon(path) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  /* Corners are set by clicks; a double click, Enter or a click on the first corner ends. Esc gives up. */
  function drawing(map, now, isArea, done) {
    const corners = [], ink = L.layerGroup().addTo(map), look = { color: "#b00020", weight: 2.5, interactive: false, renderer: now.lineCanvas };
    const ways = () => corners.slice(1).map((one, i) => oreway.arc([corners[i].lng, corners[i].lat], [one.lng, one.lat]));
    const redraw = () => {
      ink.clearLayers();
      if (isArea && corners.length > 1) L.polygon(corners, Object.assign({ fillOpacity: 0.08 }, look)).addTo(ink);
      else if (corners.length > 1) ways().forEach((way) => L.polyline(way, look).addTo(ink));
      corners.forEach((one) => L.circleMarker(one, Object.assign({}, look, { radius: 3.5, fillColor: "#fff", fillOpacity: 1 })).addTo(ink));
      if (isArea || corners.length < 2) { oreway.notice(isArea ? now.words.area_hint : now.words.measure_hint); return; }
      const total = corners.slice(1).reduce((sum, one, i) => sum + oreway.metres([corners[i].lng, corners[i].lat], [one.lng, one.lat]), 0);
      oreway.notice(now.words.measured + " " + told(total));
      map.getContainer().dataset.measured = Math.round(total);
    };
    now.endTool = () => { now.tool = null; ink.remove(); oreway.notice(""); map.doubleClickZoom.enable(); map.getContainer().classList.remove("oreway-drawing"); };
    now.tool = (latlng) => {
      const first = corners[0], last = corners[corners.length - 1];
      const near = (one) => one && latlng && map.latLngToContainerPoint(one).distanceTo(map.latLngToContainerPoint(latlng)) < CLOSE_PX;
      if (!latlng || near(last) || (isArea && corners.length > 2 && near(first))) {
        const kept = corners.slice();
        if (isArea) { now.endTool(); if (kept.length > 2) done(kept); } else { now.tool = null; map.doubleClickZoom.enable(); map.getContainer().classList.remove("oreway-drawing"); }
        return;
      }
      corners.push(latlng);
      redraw();
    };
    map.doubleClickZoom.disable();
    map.getContainer().classList.add("oreway-drawing");
    redraw();
  }

  /* The drawn area that filters the sites, as long as it does. */
  oreway.drawArea = (now) => {
    const ring = now.state.area;
    if (!ring) return;
    const points = ring.map(([lon, lat]) => [lat, lon + now.world]);
    L.polygon(points, { color: "#b00020", weight: 1.8, dashArray: "6 5", fillOpacity: 0.05, interactive: false, renderer: now.lineCanvas }).addTo(now.lines);
  };

  oreway.clear = () => {
    const { now } = oreway;
    now.state = Object.assign({}, now.state, { chosen: null, lines: [] });
    oreway.tell({ kind: "clear" });
  };

  oreway.tools = (map, now) => {
    const control = L.control({ position: "topleft" });
    const start = (isArea) => {
      if (now.endTool) now.endTool();
      drawing(map, now, isArea, (corners) => oreway.tell({
        kind: "area", ring: corners.map((one) => [one.lng - now.world, one.lat].map((at) => Number(at.toFixed(DECIMALS)))),
      }));
    };
    const acts = { measure: () => start(false), area: () => start(true), picture: () => picture(map) };
    control.onAdd = () => {
      const box = oreway.element("div", undefined, "leaflet-bar oreway-tools");
      Object.entries(acts).forEach(([name, act]) => {
        const one = oreway.element("button");
        one.type = "button";
        one.title = now.words[name];
        one.setAttribute("aria-label", now.words[name]);
        one.dataset.tool = name;
        one.append(icon(ICONS[name]));
        one.onclick = act;
        box.append(one);
      });
      L.DomEvent.disableClickPropagation(box);
      return box;
    };
    control.addTo(map);
  };

  /* Everything that is drawn, from below to above, as one PNG with names, legend's credit and scale. */
  function picture(map) {
    const box = map.getContainer(), frame = box.getBoundingClientRect(), dense = window.devicePixelRatio > 1 ? 2 : 1;
    const canvas = document.createElement("canvas"), ctx = canvas.getContext("2d"), foot = 20;
    canvas.width = frame.width * dense;
    canvas.height = (frame.height + foot) * dense;
    ctx.scale(dense, dense);
    ctx.fillStyle = getComputedStyle(box).backgroundColor;
    ctx.fillRect(0, 0, frame.width, frame.height);
    const layers = [...box.querySelectorAll(".leaflet-pane canvas, img.leaflet-image-layer")]
      .sort((one, other) => depth(one) - depth(other));
    layers.forEach((one) => {
      const at = one.getBoundingClientRect();
      ctx.globalAlpha = Number(getComputedStyle(one).opacity);
      ctx.drawImage(one, at.left - frame.left, at.top - frame.top, at.width, at.height);
    });
    ctx.globalAlpha = 1;
    box.querySelectorAll(".oreway-label div").forEach((one) => words(ctx, one, frame, "rgba(255,255,255,.93)"));
    const scale = box.querySelector(".leaflet-control-scale-line");
    if (scale) words(ctx, scale, frame, "rgba(255,255,255,.8)");
    ctx.fillStyle = "#fff";
    ctx.fillRect(0, frame.height, frame.width, foot);
    ctx.fillStyle = "#333";
    ctx.font = "11px 'Noto Sans', sans-serif";
    ctx.fillText("Oreway · " + box.querySelector(".leaflet-control-attribution").textContent, 6, frame.height + 14, frame.width - 12);
    canvas.toBlob((blob) => {
      const link = oreway.element("a");
      link.href = URL.createObjectURL(blob);
      link.download = "oreway-map.png";
      link.click();
      box.dataset.picture = blob.size;
      setTimeout(() => URL.revokeObjectURL(link.href), 10e3);
    }, "image/png");
  }

  const depth = (one) => Number(getComputedStyle(one.closest(".leaflet-pane")).zIndex) || 0;

  function words(ctx, one, frame, ground) {
    const at = one.getBoundingClientRect(), x = at.left - frame.left, y = at.top - frame.top;
    ctx.fillStyle = ground;
    ctx.fillRect(x, y, at.width, at.height);
    ctx.strokeStyle = "#5a5a5a";
    ctx.lineWidth = 1;
    ctx.strokeRect(x + 0.5, y + 0.5, at.width - 1, at.height - 1);
    ctx.fillStyle = "#111";
    ctx.font = "11px 'Noto Sans', 'Noto Sans JP', sans-serif";
    ctx.fillText(one.textContent, x + 5, y + at.height - 5);
  }
})();
