/* The offline picture under and over the sites: images, areas, lines, points and names on one canvas a pane.
   Data come as GeoJSON by address, are projected once to the unit square of Web Mercator, and are drawn three times
   (one world to the left, one to the right), so that nothing ends at 180 degrees. Never clickable. */
(function () {
  "use strict";
  const oreway = (window.oreway = window.oreway || {});
  const LIMIT = 85.0511287798;

  function unit(lon, lat) {
    const clipped = Math.max(-LIMIT, Math.min(LIMIT, lat));
    const sine = Math.sin((clipped * Math.PI) / 180);
    return [(lon + 180) / 360, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
  }

  oreway.unit = unit;

  function ring(positions) {
    const xy = new Float64Array(positions.length * 2);
    let west = Infinity, north = Infinity, east = -Infinity, south = -Infinity;
    positions.forEach((position, i) => {
      const [x, y] = unit(position[0], position[1]);
      xy[2 * i] = x;
      xy[2 * i + 1] = y;
      if (x < west) west = x;
      if (x > east) east = x;
      if (y < north) north = y;
      if (y > south) south = y;
    });
    return { xy, west, north, east, south };
  }

  /* Outer rings one way, holes the other: overlapping areas then fill as one. */
  function wound(positions, hole) {
    let twice = 0;
    for (let i = 1; i < positions.length; i += 1) {
      twice += positions[i - 1][0] * positions[i][1] - positions[i][0] * positions[i - 1][1];
    }
    return (twice < 0) === hole ? positions : positions.slice().reverse();
  }

  /* Every ring and line of a GeoJSON object as {xy, box}; every point as {x, y, properties}. */
  function unpack(object) {
    const rings = [], points = [];
    const take = (geometry, properties) => {
      if (!geometry) return;
      const at = geometry.coordinates;
      switch (geometry.type) {
        case "Point": { const [x, y] = unit(at[0], at[1]); points.push({ x, y, p: properties || {} }); break; }
        case "MultiPoint": at.forEach((one) => take({ type: "Point", coordinates: one }, properties)); break;
        case "LineString": rings.push(Object.assign(ring(at), { p: properties || {} })); break;
        case "MultiLineString": at.forEach((one) => take({ type: "LineString", coordinates: one }, properties)); break;
        case "Polygon": rings.push({ p: properties || {}, parts: at.map((one, i) => ring(wound(one, i > 0))) }); break;
        case "MultiPolygon": at.forEach((one) => take({ type: "Polygon", coordinates: one }, properties)); break;
        case "GeometryCollection": geometry.geometries.forEach((one) => take(one, properties)); break;
      }
    };
    if (object.type === "FeatureCollection") object.features.forEach((one) => take(one.geometry, one.properties));
    else if (object.type === "Feature") take(object.geometry, object.properties);
    else take(object, {});
    return { rings, points };
  }

  function graticule(step) {
    const rings = [];
    for (let lon = -180; lon < 180; lon += step) rings.push(ring([[lon, -LIMIT], [lon, LIMIT]]));
    for (let lat = -90 + step; lat < 90; lat += step) rings.push(ring([[-180, lat], [180, lat]]));
    return rings;
  }

  /* Trace one ring; runs of corners beyond one edge of the view collapse into their last corner. */
  function trace(ctx, one, view) {
    const xy = one.xy, scale = view.scale;
    let held = null, common = 0, lastX = 0, lastY = 0, started = false;
    for (let i = 0; i < xy.length; i += 2) {
      const x = xy[i] * scale + view.dx, y = xy[i + 1] * scale + view.dy;
      const code = (x < view.left ? 1 : x > view.right ? 2 : 0) | (y < view.top ? 4 : y > view.bottom ? 8 : 0);
      if (!started) {
        ctx.moveTo(x, y);
        started = true;
      } else if (common & code) {
        common &= code;
        held = [x, y];
        continue;
      } else {
        if (held) ctx.lineTo(held[0], held[1]);
        else if (code === 0 && i < xy.length - 2 && Math.abs(x - lastX) + Math.abs(y - lastY) < 0.7) continue;
        ctx.lineTo(x, y);
      }
      held = null;
      common = code;
      lastX = x;
      lastY = y;
    }
    if (held) ctx.lineTo(held[0], held[1]);
  }

  function seen(one, view) {
    const scale = view.scale;
    return one.east * scale + view.dx >= view.left && one.west * scale + view.dx <= view.right &&
      one.south * scale + view.dy >= view.top && one.north * scale + view.dy <= view.bottom;
  }

  const steps = {};

  const big = (one, view) => (one.east - one.west + one.south - one.north) * view.scale > 1.2;

  const draw = {
    image(ctx, item, view) {
      if (!item.picture) return;
      const [west, north] = unit(item.bounds[0], item.bounds[3]), [east, south] = unit(item.bounds[2], item.bounds[1]);
      const x = west * view.scale + view.dx, width = (east - west) * view.scale;
      if (x > view.right || x + width < view.left) return;
      ctx.globalAlpha = item.opacity !== undefined ? item.opacity : item.fade ? Math.max(0.15, Math.min(1, 1 - (view.zoom - item.fade[0]) / (item.fade[1] - item.fade[0]))) : 1;
      ctx.globalCompositeOperation = item.blend || "source-over";
      ctx.drawImage(item.picture, x, north * view.scale + view.dy, width, (south - north) * view.scale);
      ctx.globalCompositeOperation = "source-over";
      ctx.globalAlpha = 1;
    },
    area(ctx, item, view) {
      const looks = item.classes || [item];
      looks.forEach((look, step) => {
        ctx.beginPath();
        item.rings.forEach((area) => {
          if ((item.classes && area.p.c !== step) || !seen(area.parts[0], view) || !big(area.parts[0], view)) return;
          area.parts.forEach((part) => { trace(ctx, part, view); ctx.closePath(); });
        });
        paint(ctx, look);
      });
    },
    line(ctx, item, view) {
      ctx.beginPath();
      const one = (part) => { if (seen(part, view) && big(part, view)) trace(ctx, part, view); };
      item.rings.forEach((line) => (line.parts ? line.parts.forEach(one) : one(line)));
      paint(ctx, item);
    },
    graticule(ctx, item, view) {
      const step = view.zoom < 4 ? 30 : view.zoom < 6 ? 10 : view.zoom < 8 ? 5 : 1;
      steps[step] = steps[step] || graticule(step);
      ctx.beginPath();
      steps[step].forEach((one) => { if (seen(one, view)) trace(ctx, one, view); });
      paint(ctx, item);
    },
    /* Largest first: where the screen is crowded one sign stands for its cell, and none is hidden once one is near. */
    point(ctx, item, view) {
      const thin = view.zoom < (item.names || 99) ? item.thin : 0, taken = new Set();
      item.rings.forEach((line) => {
        if (!seen(line, view)) return;
        ctx.beginPath();
        trace(ctx, line, view);
        paint(ctx, { stroke: item.fill, width: 1.6, dash: line.p.apart ? [4, 4] : [] });
        const middle = 2 * Math.floor(line.xy.length / 4);
        if (view.zoom >= item.names && line.p.n) {
          const [x, y] = [line.xy[middle] * view.scale + view.dx, line.xy[middle + 1] * view.scale + view.dy];
          view.texts.push({ text: line.p.n, x, y, size: 11, colour: item.fill });
        }
      });
      item.points.forEach((one) => {
        const x = one.x * view.scale + view.dx, y = one.y * view.scale + view.dy;
        if (x < view.left || x > view.right || y < view.top || y > view.bottom || one.p.z > view.zoom) return;
        const cell = Math.floor((one.x * view.scale) / thin) + ":" + Math.floor((one.y * view.scale) / thin);
        if (thin && taken.has(cell)) return;
        if (thin) taken.add(cell);
        oreway.glyph(ctx, item.glyph, x, y, item.size || 3.5);
        paint(ctx, one.p.apart ? { fill: "#ffffff", stroke: item.fill, width: 1.4 } : item);
        if (view.zoom >= item.names && one.p.n) view.texts.push({ text: one.p.n, x: x + 7, y, size: 11, colour: item.fill });
      });
    },
    own(ctx, item, view) {
      item.draw(ctx, view);
    },
    label(ctx, item, view) {
      for (const one of item.points) {
        if (one.p.z > view.zoom || one.p.zz < view.zoom) continue;
        const x = one.x * view.scale + view.dx, y = one.y * view.scale + view.dy;
        if (x < view.left || x > view.right || y < view.top || y > view.bottom) continue;
        view.texts.push({ text: one.p.n, x, y, size: item.size, colour: item.colour, dot: item.dot, caps: item.caps });
      }
    },
  };

  function paint(ctx, item) {
    if (item.fill) {
      ctx.globalAlpha = item.fillOpacity === undefined ? 1 : item.fillOpacity;
      ctx.fillStyle = item.fill;
      ctx.fill();
      ctx.globalAlpha = 1;
    }
    if (item.stroke) {
      ctx.globalAlpha = item.strokeOpacity === undefined ? 1 : item.strokeOpacity;
      ctx.strokeStyle = item.stroke;
      ctx.lineWidth = item.width || 1;
      ctx.setLineDash(item.dash || []);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.globalAlpha = 1;
    }
  }

  /* Names, the most important first; one that would touch another is left out. */
  function write(ctx, texts) {
    const taken = [];
    texts.forEach((one) => {
      if (!one.text) return;
      const text = one.caps ? one.text.toUpperCase() : one.text;
      ctx.font = (one.caps ? "600 " : "") + one.size + "px 'Noto Sans', 'Noto Sans JP', sans-serif";
      const width = ctx.measureText(text).width + (one.caps ? text.length : 0);
      const left = one.dot ? one.x + 5 : one.caps ? one.x - width / 2 : one.x;
      const box = [left - 4, one.y - one.size, left + width + 4, one.y + one.size * 0.7];
      if (taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1])) return;
      taken.push(box);
      if (one.dot) {
        ctx.beginPath();
        ctx.arc(one.x, one.y, 2.2, 0, 7);
        ctx.fillStyle = one.colour;
        ctx.fill();
      }
      if (ctx.letterSpacing !== undefined) ctx.letterSpacing = one.caps ? "1px" : "0px";
      ctx.lineJoin = "round";
      ctx.lineWidth = 3;
      ctx.strokeStyle = oreway.dark ? "rgba(16,24,32,.85)" : "rgba(255,255,255,.85)";
      ctx.strokeText(text, left, one.y + one.size * 0.35);
      ctx.fillStyle = one.colour;
      ctx.fillText(text, left, one.y + one.size * 0.35);
    });
  }

  oreway.Painter = L.Renderer.extend({
    options: { padding: 0.25 },
    initialize(items, options) {
      L.Renderer.prototype.initialize.call(this, options);
      this.items = items;
    },
    _initContainer() {
      this._container = L.DomUtil.create("canvas", "oreway-painting");
      this._ctx = this._container.getContext("2d");
    },
    _destroyContainer() {
      this._container.remove();
      delete this._container;
    },
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize(), dense = L.Browser.retina ? 2 : 1, canvas = this._container;
      L.DomUtil.setPosition(canvas, this._bounds.min);
      canvas.width = dense * size.x;
      canvas.height = dense * size.y;
      canvas.style.width = size.x + "px";
      canvas.style.height = size.y + "px";
      this.redraw();
    },
    /* Put a picture of what is to be painted in the place of the canvas, or take it away again. */
    onPaper(wanted) {
      if (this.paper) this.paper.remove();
      this._container.hidden = wanted;
      if (!wanted) return;
      const shown = this._ctx, hidden = document.createElement("canvas"), { width, height, style } = this._container;
      Object.assign(hidden, { width, height });
      this._ctx = hidden.getContext("2d");
      this.redraw();
      this._ctx = shown;
      this.paper = Object.assign(new Image(), { className: "oreway-painting", src: hidden.toDataURL() });
      this.paper.style.cssText = style.cssText;
      this._container.after(this.paper);
    },
    redraw() {
      if (!this._map || !this._bounds) return;
      const ctx = this._ctx, map = this._map, zoom = map.getZoom(), size = this._bounds.getSize();
      const dense = L.Browser.retina ? 2 : 1, scale = 256 * Math.pow(2, zoom), origin = map.getPixelOrigin();
      ctx.setTransform(dense, 0, 0, dense, 0, 0);
      ctx.clearRect(0, 0, size.x, size.y);
      ctx.imageSmoothingQuality = "high";
      ctx.lineJoin = "round";
      const texts = [];
      this.items.forEach((light) => {
        const dark = oreway.dark && light.dark, afar = zoom < light.near && light.afar;
        const item = dark || afar ? Object.assign({}, light, dark, afar) : light;
        if (!item.on || zoom < (item.from || 0) || zoom >= (item.to || 99)) return;
        const wanted = light.far && zoom < light.near ? light.far : light.url;  // the coarse shapes are enough from afar
        if (!item.ready || (light.far && light.shown !== wanted)) this.load(light, wanted);
        if (!item.ready) return;
        const dx = -origin.x - this._bounds.min.x, first = Math.ceil(-dx / scale - 2);
        for (let world = first; world * scale + dx < size.x; world += 1) {
          draw[item.type](ctx, item, {
            scale, zoom, texts, dx: dx + world * scale, dy: -origin.y - this._bounds.min.y,
            left: -20, top: -20, right: size.x + 20, bottom: size.y + 20,
          });
        }
      });
      write(ctx, texts);
    },
    load(item, url) {
      if (item.loading === (url || item.type)) return;
      item.loading = url || item.type;
      const done = () => {
        item.ready = true;
        item.shown = url;
        this.redraw();
        this.fire("drawn", { item });
      };
      const failed = () => oreway.complain(this._map, url);
      if (item.type === "graticule") {
        item.ready = true;
        this.redraw();
      } else if (item.type === "image") {
        const picture = new Image();
        picture.onload = () => { item.picture = picture; done(); };
        picture.onerror = failed;
        picture.src = url;
      } else {
        shapes(url).then((found) => { if (item.loading === url) { Object.assign(item, found); done(); } }).catch(failed);
      }
    },
  });

  /* The shapes of an address, taken apart once. */
  const taken = {};
  const shapes = (url) => (taken[url] = taken[url] || oreway.get(url).then(unpack));

  /* Fetch JSON, each address once. */
  const fetched = {};
  oreway.get = (url) => {
    fetched[url] = fetched[url] || fetch(url).then((answer) => {
      if (!answer.ok) throw new Error(url + ": " + answer.status);
      return answer.json();
    });
    return fetched[url];
  };

  /* Outline of a named shape round (x, y), to be filled and stroked by the caller. */
  const corners = (n, turn, inner) => {
    const out = [];
    for (let i = 0; i < n * (inner ? 2 : 1); i += 1) {
      const angle = turn + (i * 2 * Math.PI) / (n * (inner ? 2 : 1)), radius = inner && i % 2 ? inner : 1;
      out.push([Math.sin(angle) * radius, -Math.cos(angle) * radius]);
    }
    return out;
  };
  const outlines = {
    own: [[0, 1.25], [1.15, -0.85], [-1.15, -0.85]],
    triangle: corners(3, 0).map(([x, y]) => [x * 1.2, y * 1.2 + 0.15]),
    square: corners(4, Math.PI / 4).map(([x, y]) => [x * 1.2, y * 1.2]),
    diamond: corners(4, 0).map(([x, y]) => [x * 1.2, y * 1.2]),
    pentagon: corners(5, 0).map(([x, y]) => [x * 1.12, y * 1.12]),
    star: corners(5, 0, 0.48).map(([x, y]) => [x * 1.4, y * 1.4]),
    plant: [[-1.1, 1], [-1.1, -0.2], [-0.35, -0.75], [-0.35, -0.2], [0.35, -0.75], [0.35, -0.2], [0.6, -0.2], [0.65, -1.3], [1, -1.3], [1.1, 1]],
    anchor: [[-0.9, 0.1], [-0.6, 0.7], [0, 1], [0.6, 0.7], [0.9, 0.1], [0.25, 0.5], [0.25, -1], [-0.25, -1], [-0.25, 0.5]],
    plane: [[0, -1.2], [0.2, -0.3], [1.1, 0.3], [1.1, 0.55], [0.2, 0.3], [0.15, 0.8], [0.45, 1.1], [-0.45, 1.1], [-0.15, 0.8], [-0.2, 0.3], [-1.1, 0.55], [-1.1, 0.3], [-0.2, -0.3]],
    area: [[-1.3, -0.6], [0.4, -1.1], [1.3, 0.3], [0.2, 1.1], [-1.1, 0.7]],
    bolt: [[0.3, -1.2], [-0.7, 0.2], [-0.05, 0.2], [-0.3, 1.2], [0.7, -0.3], [0.05, -0.3]],
  };
  oreway.glyph = (ctx, name, x, y, size) => {
    ctx.beginPath();
    const shape = outlines[name];
    if (!shape) return ctx.arc(x, y, size, 0, 2 * Math.PI);
    shape.forEach(([dx, dy], i) => ctx[i ? "lineTo" : "moveTo"](x + dx * size, y + dy * size));
    ctx.closePath();
  };
})();
