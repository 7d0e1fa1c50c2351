/* The user's own points, ten thousand if need be: on one canvas of their own, gathered in circles with a number until
   one has zoomed in. Nothing of them is a Leaflet layer; a click or a hover asks which one lies there. */
(function () {
  "use strict";
  const oreway = (window.oreway = window.oreway || {});
  const CELL = 44, APART = 11, SIZE = 8, REACH = 4;

  class Own {
    constructor(points) {
      this.type = "own";
      this.on = this.ready = true;
      this.points = points;
      this.x = new Float64Array(points.lon.length);
      this.y = new Float64Array(points.lon.length);
      points.lon.forEach((lon, i) => { [this.x[i], this.y[i]] = oreway.unit(lon, points.lat[i]); });
      this.zoom = null;
    }

    /* Points of one cell of the screen as one group; each on its own once the map is near enough. */
    groups(zoom) {
      if (this.zoom === zoom) return this.cells;
      const scale = 256 * Math.pow(2, zoom), cells = new Map();
      for (let i = 0; i < this.x.length; i += 1) {
        const key = Math.floor((this.x[i] * scale) / CELL) + ":" + Math.floor((this.y[i] * scale) / CELL);
        if (!cells.has(key)) cells.set(key, []);
        const cell = cells.get(key);
        if (zoom < APART && cell.length) {
          const group = cell[0];
          group.x += this.x[i];
          group.y += this.y[i];
          group.members.push(i);
        } else cell.push({ x: this.x[i], y: this.y[i], members: [i] });
      }
      cells.forEach((cell) => cell.forEach((group) => {
        const n = group.members.length;
        if (n > 1) { group.x /= n; group.y /= n; }
        group.radius = n > 1 ? Math.min(20, 8 + 2.4 * Math.log2(n) / 2) : SIZE;
      }));
      this.zoom = zoom;
      this.cells = cells;
      return cells;
    }

    draw(ctx, view) {
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      this.groups(view.zoom).forEach((cell) => cell.forEach((group) => {
        const x = group.x * view.scale + view.dx, y = group.y * view.scale + view.dy;
        if (x < view.left || x > view.right || y < view.top || y > view.bottom) return;
        if (group.members.length > 1) gathered(ctx, group, x, y);
        else oreway.mark(ctx, { glyph: "own", fill: this.points.fill[group.members[0]] }, x, y, SIZE);
      }));
      ctx.textAlign = "start";
      ctx.textBaseline = "alphabetic";
    }

    /* The group under a place of the map, or undefined. */
    at(map, latlng) {
      const zoom = map.getZoom(), scale = 256 * Math.pow(2, zoom), place = latlng.wrap();
      const [ux, uy] = oreway.unit(place.lng, place.lat), cells = this.groups(zoom);
      const column = Math.floor((ux * scale) / CELL), row = Math.floor((uy * scale) / CELL);
      let best, least = Infinity;
      for (let i = -1; i <= 1; i += 1) for (let j = -1; j <= 1; j += 1) {
        (cells.get(column + i + ":" + (row + j)) || []).forEach((group) => {
          const away = Math.hypot((group.x - ux) * scale, (group.y - uy) * scale);
          if (away <= group.radius + REACH && away < least) [best, least] = [group, away];
        });
      }
      return best;
    }

    /* The box of a group's members, to open it. */
    box(group) {
      return L.latLngBounds(group.members.map((i) => [this.points.lat[i], this.points.lon[i]]));
    }
  }

  function gathered(ctx, group, x, y) {
    ctx.beginPath();
    ctx.arc(x, y, group.radius, 0, 7);
    ctx.fillStyle = "#2f4858";
    ctx.fill();
    ctx.lineWidth = 2.5;
    ctx.strokeStyle = "#fff";
    ctx.stroke();
    const n = group.members.length;
    ctx.font = "600 11px 'Noto Sans', sans-serif";
    ctx.fillStyle = "#fff";
    ctx.fillText(n < 1000 ? String(n) : (n / 1000).toFixed(1) + "k", x, y + 0.5);
  }

  oreway.Own = Own;
})();
