/* What the reader sees is kept behind the # of the address: view, layers, base map. It never leaves the browser, costs
   no answer of the server, and a link that is sent opens the same map. Form, with its version first:
   #m1/5.25/60.9000/-46.0000/on.ports/off.eez/base.dark */
(function () {
  "use strict";
  const oreway = (window.oreway = window.oreway || {});
  const VERSION = "m1", LEAST = 1, MOST = 16, LIMIT = 85.06, WAIT_MS = 250;
  const AGAIN_MS = [WAIT_MS, 1000, 3000, 8000];  // the answer that changes the address comes as a message of its own

  /* The hash as {zoom, lat, lon, on, off, base, strange}; null where it is none of ours. */
  oreway.readHash = (hash) => {
    const [version, ...parts] = hash.replace(/^#/, "").split("/");
    if (version !== VERSION) return null;
    const [zoom, lat, lon] = parts.slice(0, 3).map(Number), strange = [];
    const right = zoom >= LEAST && zoom <= MOST && Math.abs(lat) <= LIMIT && Math.abs(lon) <= 540;
    if (!right) strange.push(parts.slice(0, 3).join("/"));
    const found = { zoom: right ? zoom : null, lat, lon, on: [], off: [], base: "", strange };
    parts.slice(3).forEach((part) => {
      const [key, ...words] = part.split(".");
      if (key === "on" || key === "off") found[key] = words;
      else if (key === "base" && words.length === 1) found.base = words[0];
      else strange.push(part);
    });
    return found;
  };

  oreway.writeHash = ({ zoom, lat, lon, on, off, base, usual = "offline" }) => {
    const parts = [VERSION, String(Math.round(zoom * 100) / 100), lat.toFixed(4), lon.toFixed(4)];
    if (on.length) parts.push("on." + on.join("."));
    if (off.length) parts.push("off." + off.join("."));
    if (base && base !== usual) parts.push("base." + base);
    return "#" + parts.join("/");
  };

  /* The page round the map; the map alone, as in a test, keeps its own address. */
  function page() {
    try { return window.parent.location.href ? window.parent : window; } catch { return window; }
  }

  function put() {
    const { location, history } = page(), { hash } = oreway;
    if (location.hash !== hash) history.replaceState(history.state, "", location.pathname + location.search + hash);
  }

  oreway.rehash = () => { if (oreway.hash) AGAIN_MS.forEach((wait) => setTimeout(put, wait)); };
  /* A slow server changes the address later than that, and leaves the hash out. */
  setInterval(() => { if (oreway.hash && !page().location.hash) put(); }, 1000);

  /* Paper is narrower than the screen: the frame keeps the size the map was drawn for and is shown smaller. */
  const PAPER = 690, LOOKS = ["width", "height", "transform", "transform-origin", "margin"];
  window.addEventListener("beforeprint", () => {
    const frame = window.frameElement, { innerWidth, innerHeight } = window;
    if (!frame || innerWidth <= PAPER) return;
    const smaller = PAPER / innerWidth, [right, below] = [innerWidth, innerHeight].map((size) => Math.round(size * (smaller - 1)));
    [`${innerWidth}px`, `${innerHeight}px`, `scale(${smaller})`, "0 0", `0 ${right}px ${below}px 0`]
      .forEach((value, i) => frame.style.setProperty(LOOKS[i], value, "important"));
  });
  window.addEventListener("afterprint", () => LOOKS.forEach((name) => window.frameElement && window.frameElement.style.removeProperty(name)));

  oreway.keep = (map, now) => {
    const found = oreway.readHash(page().location.hash), key = (layer) => layer.key || (layer.options || {}).key;
    if (found) {
      const known = new Set(now.switches.map((layer) => layer.group));
      found.strange.push(...found.on.concat(found.off).filter((group) => !known.has(group)));
      now.switches.forEach((layer) => {
        if (found.on.includes(layer.group)) layer.addTo(map);
        if (found.off.includes(layer.group)) layer.remove();
      });
      const base = now.bases.find((layer) => key(layer) === found.base);
      if (base) { now.bases.forEach((layer) => layer.remove()); base.addTo(map); map.fire("baselayerchange", { layer: base }); }
      else if (found.base) found.strange.push(found.base);
      if (found.zoom !== null) {
        map.setView([found.lat, found.lon], found.zoom, { animate: false });
        now.kept = now.viewed = true;
      }
      if (found.strange.length) oreway.notice(now.words.bad_link + " " + found.strange.join(", "));
    }
    if (found) oreway.hash = page().location.hash;  // until the map is moved: the page's answers leave it out
    let waiting = 0;
    const write = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        const at = map.getCenter(), shown = (layer) => map.hasLayer(layer);
        const turned = (on) => now.switches.filter((layer) => shown(layer) === on && layer.usual !== on).map((layer) => layer.group);
        const base = now.bases.find(shown);
        oreway.hash = oreway.writeHash({ zoom: map.getZoom(), lat: at.lat, lon: at.wrap().lng, on: turned(true), off: turned(false), base: base && key(base), usual: now.usual });
        oreway.rehash();
      }, WAIT_MS);
    };
    map.on("moveend overlayadd overlayremove baselayerchange", write);
  };
})();
