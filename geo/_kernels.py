"""Distances on the WGS84 ellipsoid compiled: Earth-centred metres, so no poles and no antimeridian.

All compiled search code lives in this one file because numba's cache is renewed by the time stamp of the file that
holds the outer function: a helper in a second file could change and leave a stale machine code behind.

A piece is a short stretch of line, Q(t) = A + t*D + t*(1 - t)*E for t in [0, 1], with E four times the offset of the
true midpoint from the chord's midpoint. The parabola follows a geodesic of 10 km, or a straight lon/lat edge of 2 km
at 83 degrees north, to better than 0.1 mm. A point is a piece of three columns, its A alone.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from oreway.arrays import Floats, Ints
from oreway.geo._compiled import compiled

Boxes = npt.NDArray[np.float32]
Words = npt.NDArray[np.uint32]
Tree = tuple[Floats, Ints, Boxes, float]  # pieces, the feature each belongs to, node boxes, largest bulge in metres
Found = tuple[float, float]  # metres, t

MAJOR_M = 6378137.0  # WGS84, NIMA TR8350.2
FLATTENING = 1 / 298.257223563
MINOR_M = MAJOR_M * (1 - FLATTENING)
E2 = FLATTENING * (2 - FLATTENING)
_G = 1 / (1 - E2)  # (a/b)^2
_RADIUS_MAX_M = MAJOR_M * MAJOR_M / MINOR_M  # largest normal-section radius: at the poles
_MIDDLE_M, _NEAR_M = 250e3, 800e3  # closed form of one, then of two curvatures; Vincenty above
_CHORDS_M = 5000e3  # chords are compared up to here, lengths beyond
_DOUBT = 6e-17  # chords nearer to each other than this times chord^2, relatively, may rank the other way round
_TWENTIETH = 2 / math.sqrt(20)  # in units of half the chord
TIE_M = 1e-5  # features this much farther than the nearest are as near: the first in the input is the answer
ANTIPODAL_M = 20.01e6  # farther than any two points: "near the antipode", where Vincenty does not converge
_NONE = (np.inf, 0.0)
COUNTED = 1025  # values of ten bits of a key, and one place before them
DEPTH = 128  # nodes that wait in a search, at most: a tree of more levels has more leaves than there is memory
_ANCHOR_M = (np.inf, 400e3, 100e3, 25e3)  # how far the rows are from the anchor that a shorter list is made for
_ANCHOR_SLACK_M = (np.inf, 2.01 * 525e3, 2.01 * 125e3, 2.01 * 25e3)


_ROWS: tuple[Any, ...] = ("int", "int")
_ASKED = ("float64:2", "int64:1")
_TREE = ("float64:2", "int64:1", "float32:2", "float")
_compiled = compiled(fastmath={"contract"})
_inlined = compiled(fastmath={"contract"}, forceinline=True)


@compiled((*_ROWS, "float64:1", "float64:1", "float64:2!"), fastmath={"contract"})
def to_ecef(lo: int, hi: int, lon: Floats, lat: Floats, out: Floats) -> None:
    """Fill out[lo:hi], shape (n, 3) metres, with the surface points at lon, lat in degrees."""
    for i in range(lo, hi):
        lam, phi = math.radians(lon[i]), math.radians(lat[i])
        s = math.sin(phi)
        normal = MAJOR_M / math.sqrt(1 - E2 * s * s)
        p = normal * math.cos(phi)
        out[i, 0] = p * math.cos(lam)
        out[i, 1] = p * math.sin(lam)
        out[i, 2] = normal * (1 - E2) * s


@compiled(("float64:2", *["uint32:1!"] * 2, *["int64:1!"] * 3))
def morton_order(xyz: Floats, key: Words, key2: Words, order: Ints, order2: Ints, count: Ints) -> None:
    """Fill order2 with the positions of xyz along a space-filling curve: 30-bit Morton keys, radix-sorted.

    key, key2, order: room for as many; count: COUNTED.
    """
    n = xyz.shape[0]
    scale = 1023.0 / (2 * MAJOR_M)
    for i in range(n):
        k = np.uint32(0)
        for axis in range(3):
            v = np.uint32((xyz[i, axis] + MAJOR_M) * scale)
            v = (v | (v << np.uint32(16))) & np.uint32(0x030000FF)
            v = (v | (v << np.uint32(8))) & np.uint32(0x0300F00F)
            v = (v | (v << np.uint32(4))) & np.uint32(0x030C30C3)
            v = (v | (v << np.uint32(2))) & np.uint32(0x09249249)
            k |= v << np.uint32(axis)
        key[i], order[i] = k, i
    for shift in (0, 10, 20):
        count[:] = 0
        for i in range(n):
            count[((key[i] >> np.uint32(shift)) & np.uint32(1023)) + 1] += 1
        for b in range(1024):
            count[b + 1] += count[b]
        for i in range(n):
            b = (key[i] >> np.uint32(shift)) & np.uint32(1023)
            key2[count[b]], order2[count[b]] = key[i], order[i]
            count[b] += 1
        key, key2, order, order2 = key2, key, order2, order


@_inlined
def _bend2(x: float, y: float, z: float, vx: float, vy: float, vz: float) -> float:
    """Squared normal curvature, times a^2, of the surface above x, y, z in the direction of v laid onto it."""
    gz = _G * z
    form = x * x + y * y + z * gz
    along = (x * vx + y * vy + gz * vz) / form
    tx, ty, tz = vx - along * x, vy - along * y, vz - along * z
    flat = tx * tx + ty * ty + tz * tz
    ratio = (flat + (_G - 1) * tz * tz) / max(flat, 1e-18)
    bend2: float = ratio * ratio * form / (x * x + y * y + gz * gz)
    return bend2


@_compiled
def _near_arc(px: float, py: float, pz: float, qx: float, qy: float, qz: float, c2: float) -> float:
    """Length over the surface from the chord c: 2R asin(c/2R).

    1/R^2 is the squared normal curvature in the middle or, from 250 km, the mean of two places: for a plane curve of
    curvature k + m*u^2 the chord's shortfall is that of the circle with the curvature at u = s / sqrt(20).
    Against Karney's geodesics: 0.03 mm below 250 km, 0.04 mm at 700 km, 0.3 mm at 1,000 km, 0.23 m at 3,000 km.
    """
    vx, vy, vz = px - qx, py - qy, pz - qz
    mx, my, mz = px + qx, py + qy, pz + qz
    if c2 < _MIDDLE_M * _MIDDLE_M:
        q = _bend2(mx, my, mz, vx, vy, vz) * c2 / (MAJOR_M * MAJOR_M)
    else:
        wx, wy, wz = _TWENTIETH * vx, _TWENTIETH * vy, _TWENTIETH * vz
        q = _bend2(mx - wx, my - wy, mz - wz, vx, vy, vz) + _bend2(mx + wx, my + wy, mz + wz, vx, vy, vz)
        q *= 0.5 * c2 / (MAJOR_M * MAJOR_M)
    if q < 0.02:
        return math.sqrt(c2) * (
            1 + q * (1 / 24 + q * (3 / 640 + q * (5 / 7168 + q * (35 / 294912 + q * 63 / 2883584))))
        )
    return math.sqrt(c2 / q) * 2 * math.asin(min(1.0, 0.5 * math.sqrt(q)))


@_compiled
def _far_arc(px: float, py: float, pz: float, qx: float, qy: float, qz: float) -> tuple[float, float, float, float]:
    """Vincenty's inverse (Survey Review 23, 1975): length, and the unit direction at q that leads away from p.

    Solved by Newton's method for what the longitude on the auxiliary sphere is over the true one. What is still missed
    in the end moves the length by Clairaut's constant: to first order that is exact.
    """
    p1, p2 = math.sqrt(px * px + py * py), math.sqrt(qx * qx + qy * qy)
    x1, y1, x2, y2 = 1.0, 0.0, 1.0, 0.0
    if p1 > 1e-9:
        x1, y1 = px / p1, py / p1
    if p2 > 1e-9:
        x2, y2 = qx / p2, qy / p2
    su1, cu1, su2, cu2 = pz / MINOR_M, p1 / MAJOR_M, qz / MINOR_M, p2 / MAJOR_M
    sl0, cl0 = x1 * y2 - y1 * x2, x1 * x2 + y1 * y2
    if su1 * su2 + cu1 * cu2 * cl0 < -0.9998:  # 1.15 degrees from the antipode: the caller measures again
        return ANTIPODAL_M, 0.0, 0.0, 0.0
    delta, sl, cl, miss = 0.0, sl0, cl0, 0.0
    sigma, ss, cs, sa, c2a, c2m = 0.0, 0.0, 1.0, 0.0, 1.0, 0.0
    for _ in range(60):
        u, v = cu2 * sl, cu1 * su2 - su1 * cu2 * cl
        ss2 = u * u + v * v
        if ss2 == 0.0:
            break
        ss = math.sqrt(ss2)
        cs = su1 * su2 + cu1 * cu2 * cl
        sigma = math.atan2(ss, cs)
        sa = cu1 * cu2 * sl / ss
        c2a = 1 - sa * sa
        c2m = 0.0
        if c2a > 1e-14:
            c2m = cs - 2 * su1 * su2 / c2a
        c = FLATTENING / 16 * c2a * (4 + FLATTENING * (4 - 3 * c2a))
        miss = (1 - c) * FLATTENING * sa * (sigma + c * ss * (c2m + c * cs * (2 * c2m * c2m - 1))) - delta
        if abs(miss) < 1e-7:
            break
        rate = FLATTENING * (sa * sa + sigma * cu1 * cu2 * (cl * ss - sl * cs * sa) / ss2)
        delta += miss / (1 - rate)
        d2 = delta * delta  # at most pi/298
        turn, keep = delta * (1 - d2 / 6 * (1 - d2 / 20)), 1 - d2 / 2 * (1 - d2 / 12)
        sl, cl = sl0 * keep + cl0 * turn, cl0 * keep - sl0 * turn
    u2 = c2a * (_G - 1)
    big_a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)))
    big_b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)))
    inner = cs * (2 * c2m * c2m - 1) - big_b / 6 * c2m * (4 * ss * ss - 3) * (4 * c2m * c2m - 3)
    length = MINOR_M * big_a * (sigma - big_b * ss * (c2m + big_b / 4 * inner)) + MAJOR_M * sa * miss
    east, north = cu1 * sl, cu1 * su2 * cl - su1 * cu2  # azimuth at q, turned below into a direction in space
    scale = 1 / max(math.sqrt(east * east + north * north), 1e-300)
    east, north = east * scale, north * scale
    nx, nz = p2, _G * qz
    scale = 1 / math.sqrt(nx * nx + nz * nz)
    sphi, cphi = nz * scale, nx * scale
    return length, -y2 * east - x2 * sphi * north, x2 * east - y2 * sphi * north, cphi * north


@_compiled
def _length(px: float, py: float, pz: float, places: Floats, i: int) -> float:
    """Distance from p to the surface point places[i] in metres."""
    qx, qy, qz = places[i, 0], places[i, 1], places[i, 2]
    c2 = (px - qx) ** 2 + (py - qy) ** 2 + (pz - qz) ** 2
    near: float = _near_arc(px, py, pz, qx, qy, qz, c2)
    far: float = _far_arc(px, py, pz, qx, qy, qz)[0] if c2 > _NEAR_M * _NEAR_M else near
    return far


@_compiled
def arcs(p: Floats, q: Floats, out: Floats) -> None:
    """Fill out with the distance in metres between the surface points p and q, each of shape (n, 3)."""
    for i in range(p.shape[0]):
        out[i] = _length(p[i, 0], p[i, 1], p[i, 2], q, i)


@_compiled
def _reach(length: float) -> float:
    """Longest chord of any pair at most this far apart over the surface: the flattest circle, at the poles."""
    if length < 20e3:
        return length
    return 2 * _RADIUS_MAX_M * math.sin(min(0.5 * length / _RADIUS_MAX_M, 0.5 * math.pi)) + 1e-3


@_compiled
def _far_bound(c2: float, estimate: float) -> float:
    """Lower bound of the true length, given the closed form's estimate, whose error grows with the seventh power."""
    doubt: float = 6e-4 * (c2 * 1e-12) ** 3.5
    return estimate - doubt if c2 < 36e12 else 0.0


@_compiled
def _settle(px: float, py: float, pz: float, pieces: Floats, i: int, t: float) -> Found:
    """Newton steps on the geodesic length along piece i from t: distance and t at its minimum."""
    best, best_t = np.inf, t
    for _ in range(5):
        ux = pieces[i, 3] + (1 - 2 * t) * pieces[i, 6]
        uy = pieces[i, 4] + (1 - 2 * t) * pieces[i, 7]
        uz = pieces[i, 5] + (1 - 2 * t) * pieces[i, 8]
        b = t * (1 - t)
        length, ex, ey, ez = _far_arc(
            px,
            py,
            pz,
            pieces[i, 0] + t * pieces[i, 3] + b * pieces[i, 6],
            pieces[i, 1] + t * pieces[i, 4] + b * pieces[i, 7],
            pieces[i, 2] + t * pieces[i, 5] + b * pieces[i, 8],
        )
        if length > best:
            break
        best, best_t = length, t
        slope = ex * ux + ey * uy + ez * uz
        along2 = ux * ux + uy * uy + uz * uz
        curve = (along2 - slope * slope) / (MAJOR_M * math.tan(length / MAJOR_M))
        curve -= 2 * (ex * pieces[i, 6] + ey * pieces[i, 7] + ez * pieces[i, 8])
        end = 0.0 if slope > 0 else 1.0
        step = (min(1.0, max(0.0, t - slope / curve)) if curve > 0 else end) - t
        away = abs(step) * math.sqrt(along2)
        if away * away * away < 1e-5 * length * length:  # what the parabola misses stays below 2 micrometres
            return length + step * (slope + 0.5 * step * curve), t + step
        t += step
    return best, best_t


@_inlined
def _chord2(px: float, py: float, pz: float, pieces: Floats, i: int, beyond2: float) -> Found:
    """Squared chord from p to the nearest place of piece i and its t; infinity when its chord line is over beyond2."""
    wx, wy, wz = px - pieces[i, 0], py - pieces[i, 1], pz - pieces[i, 2]
    if pieces.shape[1] == 3:
        return wx * wx + wy * wy + wz * wz, 0.0
    dx, dy, dz = pieces[i, 3], pieces[i, 4], pieces[i, 5]
    dd = dx * dx + dy * dy + dz * dz
    t = min(1.0, max(0.0, (wx * dx + wy * dy + wz * dz) / max(dd, 1e-12)))
    rx, ry, rz = wx - t * dx, wy - t * dy, wz - t * dz
    c2 = rx * rx + ry * ry + rz * rz
    if c2 > beyond2:
        return _NONE
    ex, ey, ez = pieces[i, 6], pieces[i, 7], pieces[i, 8]
    for _ in range(4):
        b, turn = t * (1 - t), 1 - 2 * t
        rx, ry, rz = wx - t * dx - b * ex, wy - t * dy - b * ey, wz - t * dz - b * ez
        ux, uy, uz = dx + turn * ex, dy + turn * ey, dz + turn * ez
        slope = rx * ux + ry * uy + rz * uz
        if (t == 0.0 and slope <= 0) or (t == 1.0 and slope >= 0):
            break
        curve = ux * ux + uy * uy + uz * uz + 2 * (rx * ex + ry * ey + rz * ez)
        step = 0.0
        if curve > 1e-3 * dd:
            step = min(1.0, max(0.0, t + slope / curve)) - t
        elif dd > 0:  # beyond a quarter of the globe: the nearest point is one of the ends
            step = (1.0 if slope > 0 else 0.0) - t
        t += step
        if step * step * dd < 1e-4:  # 1 cm along, so the next step would be in the micrometres
            break
    b = t * (1 - t)
    rx, ry, rz = wx - t * dx - b * ex, wy - t * dy - b * ey, wz - t * dz - b * ez
    return rx * rx + ry * ry + rz * rz, t


@_compiled
def _arc_to(px: float, py: float, pz: float, pieces: Floats, i: int, t: float, c2: float) -> float:
    """Length over the surface from p to the place t on piece i, at the squared chord c2, by the closed form."""
    qx, qy, qz = pieces[i, 0], pieces[i, 1], pieces[i, 2]
    if pieces.shape[1] > 3:
        b = t * (1 - t)
        qx += t * pieces[i, 3] + b * pieces[i, 6]
        qy += t * pieces[i, 4] + b * pieces[i, 7]
        qz += t * pieces[i, 5] + b * pieces[i, 8]
    length: float = _near_arc(px, py, pz, qx, qy, qz, c2)
    return length


@_compiled
def _measure(px: float, py: float, pz: float, pieces: Floats, i: int, bulge: float, best: float, reach: float) -> Found:
    """Distance from p to piece i and the t of its nearest place; infinity when it is certainly no tie with best."""
    c2, t = _chord2(px, py, pz, pieces, i, (reach + bulge) ** 2)
    if c2 > reach * reach:
        return _NONE
    length = _arc_to(px, py, pz, pieces, i, t, c2)
    if c2 > _NEAR_M * _NEAR_M:
        if _far_bound(c2, length) > best + TIE_M + 4e-13 * c2:
            return _NONE
        if pieces.shape[1] == 3:
            return _far_arc(px, py, pz, pieces[i, 0], pieces[i, 1], pieces[i, 2])[0], 0.0
        return _settle(px, py, pz, pieces, i, t)
    return length, t


@_inlined
def _box_gap2(px: float, py: float, pz: float, boxes: Boxes, node: int) -> float:
    gx = max(boxes[node, 0] - px, px - boxes[node, 3], 0.0)
    gy = max(boxes[node, 1] - py, py - boxes[node, 4], 0.0)
    gz = max(boxes[node, 2] - pz, pz - boxes[node, 5], 0.0)
    gap2: float = gx * gx + gy * gy + gz * gz
    return gap2


@_compiled
def _place(pieces: Floats, part: Floats, i: int, t: float) -> tuple[float, float, float]:
    """Return lon, lat in degrees and the fraction of the feature at t on piece i; a point knows its own lon, lat."""
    if pieces.shape[1] == 3:
        return part[i, 0], part[i, 1], np.nan
    b = t * (1 - t)
    x = pieces[i, 0] + t * pieces[i, 3] + b * pieces[i, 6]
    y = pieces[i, 1] + t * pieces[i, 4] + b * pieces[i, 7]
    z = pieces[i, 2] + t * pieces[i, 5] + b * pieces[i, 8]
    lat = math.degrees(math.atan2(z * _G, math.sqrt(x * x + y * y)))
    return math.degrees(math.atan2(y, x)), lat, part[i, 0] + t * (part[i, 1] - part[i, 0])


@_compiled
def _first_leaf(px: float, py: float, pz: float, boxes: Boxes, leaves: int) -> int:
    """Return the leaf reached from the root by always turning to the nearer box: a fair place to start from."""
    node = 1
    while node < leaves:
        node *= 2
        if _box_gap2(px, py, pz, boxes, node + 1) < _box_gap2(px, py, pz, boxes, node):
            node += 1
    return node - leaves


@_compiled
def _exact(px: float, py: float, pz: float, pieces: Floats, i: int, t: float, c2: float) -> Found:
    """Distance from p to the place nearest by chord, t on piece i at c2, put right where chords no longer tell."""
    if c2 < _NEAR_M * _NEAR_M:
        return _arc_to(px, py, pz, pieces, i, t, c2), t
    if pieces.shape[1] == 3:
        return _far_arc(px, py, pz, pieces[i, 0], pieces[i, 1], pieces[i, 2])[0], 0.0
    return _settle(px, py, pz, pieces, i, t)


@_compiled
def _farther_by(
    px: float, py: float, pz: float, pieces: Floats, i: int, t: float, c2: float, j: int, u: float, d2: float
) -> float:
    """Return how much farther over the surface t on piece i, at squared chord c2, is than u on piece j at d2."""
    a, b = t * (1 - t), u * (1 - u)
    if pieces.shape[1] == 3:
        one = _near_arc(px, py, pz, pieces[i, 0], pieces[i, 1], pieces[i, 2], c2)
        other = _near_arc(px, py, pz, pieces[j, 0], pieces[j, 1], pieces[j, 2], d2)
        doubt = 0.0
    else:
        x = pieces[i, 0] + t * pieces[i, 3] + a * pieces[i, 6]
        y = pieces[i, 1] + t * pieces[i, 4] + a * pieces[i, 7]
        z = pieces[i, 2] + t * pieces[i, 5] + a * pieces[i, 8]
        v = pieces[j, 0] + u * pieces[j, 3] + b * pieces[j, 6]
        w = pieces[j, 1] + u * pieces[j, 4] + b * pieces[j, 7]
        q = pieces[j, 2] + u * pieces[j, 5] + b * pieces[j, 8]
        if (x - v) ** 2 + (y - w) ** 2 + (z - q) ** 2 < TIE_M * TIE_M:  # the vertex two edges share
            return 0.0
        one, other = _near_arc(px, py, pz, x, y, z, c2), _near_arc(px, py, pz, v, w, q, d2)
        doubt = 4e-13 * c2
    more: float = one - other
    if c2 < _NEAR_M * _NEAR_M:
        return more
    doubt += 1.2e-3 * (c2 * 1e-12) ** 3.5 + TIE_M
    if abs(more) < doubt:
        more = _exact(px, py, pz, pieces, i, t, c2)[0] - _exact(px, py, pz, pieces, j, u, d2)[0]
    return more


@_compiled
def _before(owner: Ints, i: int, j: int) -> bool:
    """Tell whether piece i goes before piece j where both are as near: by feature in the input, then by piece."""
    return j < 0 or owner[i] < owner[j] or (owner[i] == owner[j] and i < j)


@_inlined
def _search_near(  # noqa: C901 - one kernel: numba compiles it whole
    px: float,
    py: float,
    pz: float,
    pieces: Floats,
    owner: Ints,
    boxes: Boxes,
    bulge: float,
    height: int,
    leaf: int,
    reach2: float,
    nodes: Ints,
    gaps: Floats,
) -> tuple[int, float, float]:
    """Return the nearest piece with a chord up to sqrt(reach2) <= 5,000 km, its distance and t; compares chords."""
    n, leaves = pieces.shape[0], boxes.shape[0] >> 1
    best2, best_t, piece = np.inf, 0.0, -1
    surely2, beyond2 = np.inf, (math.sqrt(reach2) + bulge) ** 2
    node = climb = leaves + leaf
    depth = 0
    while node > 0:
        while node < leaves:
            node *= 2
            gap, other = _box_gap2(px, py, pz, boxes, node), _box_gap2(px, py, pz, boxes, node + 1)
            far = node + 1
            if other < gap:
                gap, other, far, node = other, gap, node, node + 1
            if other <= reach2:
                nodes[depth], gaps[depth] = far, other
                depth += 1
            if gap > reach2:
                node = 0
                break
        if node > 0:
            leaf = node - leaves
            for i in range(leaf * n >> height, (leaf + 1) * n >> height):
                c2, t = _chord2(px, py, pz, pieces, i, beyond2)
                if c2 > reach2:
                    continue
                if c2 >= surely2:  # chords as close may rank the other way round than lengths over the surface
                    more = _farther_by(px, py, pz, pieces, i, t, c2, piece, best_t, best2)
                    if more > TIE_M or (more > -TIE_M and not _before(owner, i, piece)):
                        continue
                best2, best_t, piece = c2, t, i
                chord = math.sqrt(c2)
                doubt = c2 * (_DOUBT * c2) + 2 * TIE_M * chord
                surely2 = c2 - doubt
                reach2 = min(reach2, c2 + doubt + TIE_M * TIE_M)
                beyond2 = min(beyond2, (chord * (1 + _DOUBT * c2) + 2 * TIE_M + bulge) ** 2)
        node = 0
        while depth > 0 and node == 0:
            depth -= 1
            node = nodes[depth] if gaps[depth] <= reach2 else 0
        while node == 0 and climb > 1:
            if _box_gap2(px, py, pz, boxes, climb ^ 1) <= reach2:
                node = climb ^ 1
            climb >>= 1
    best = np.inf
    if piece >= 0:
        best, best_t = _exact(px, py, pz, pieces, piece, best_t, best2)
    return piece, best, best_t


@_inlined
def _search_far(
    px: float,
    py: float,
    pz: float,
    pieces: Floats,
    owner: Ints,
    boxes: Boxes,
    bulge: float,
    leaf: int,
    limit: float,
    nodes: Ints,
    gaps: Floats,
) -> tuple[int, float, float]:
    """Return the nearest piece up to limit metres away, its distance and t; compares lengths over the surface."""
    n, leaves = pieces.shape[0], boxes.shape[0] >> 1
    height = int(math.log2(leaves) + 0.5)
    best, best_t, piece = np.inf, 0.0, -1
    reach = _reach(limit)
    reach2 = reach * reach
    climb = leaves + leaf
    nodes[0], gaps[0], depth = climb, 0.0, 1
    while depth > 0:
        depth -= 1
        node = nodes[depth]
        if gaps[depth] <= reach2:
            if node < leaves:
                node *= 2
                gap, other = _box_gap2(px, py, pz, boxes, node), _box_gap2(px, py, pz, boxes, node + 1)
                nearer = 1 if other < gap else 0
                nodes[depth], gaps[depth] = node + 1 - nearer, max(gap, other)
                nodes[depth + 1], gaps[depth + 1] = node + nearer, min(gap, other)
                depth += 2
            else:
                leaf = node - leaves
                for i in range(leaf * n >> height, (leaf + 1) * n >> height):
                    length, t = _measure(px, py, pz, pieces, i, bulge, best, reach)
                    if length > limit or length > best + TIE_M:
                        continue
                    if length < best - TIE_M or _before(owner, i, piece):
                        best, best_t, piece = length, t, i
                        reach = _reach(min(limit, best + TIE_M))
                        reach2 = reach * reach
        while depth == 0 and climb > 1:
            gap = _box_gap2(px, py, pz, boxes, climb ^ 1)
            nodes[0], gaps[0] = climb ^ 1, gap
            depth = 1 if gap <= reach2 else 0
            climb >>= 1
    return piece, best, best_t


@compiled(
    (*_ROWS, *_ASKED, _TREE, "float64:2", "float", "int64:1!", "float64:2!", "int64:1!", "float64:1!"),
    fastmath={"contract"},
)
def nearest_one(
    lo: int,
    hi: int,
    xyz: Floats,
    order: Ints,
    tree: Tree,
    part: Floats,
    limit: float,
    feature: Ints,
    out: Floats,
    nodes: Ints,
    gaps: Floats,
) -> int:
    """Fill the outputs at order[lo:hi] with the nearest feature (-1: none), and km, lon, lat, fraction.

    nodes and gaps are the search's own, room for DEPTH each: one thread's.

    Each search starts in the leaf that answered the one before, neighbours in order being neighbours on Earth, and
    climbs to the root, turning aside only into boxes within reach. Returns how many must be measured again: antipodes.
    """
    pieces, owner, boxes, bulge = tree
    n, leaves = pieces.shape[0], boxes.shape[0] >> 1
    height = int(math.log2(leaves) + 0.5)
    leaf = _first_leaf(xyz[lo, 0], xyz[lo, 1], xyz[lo, 2], boxes, leaves) if lo < hi else 0
    reach2 = _reach(min(limit, _CHORDS_M)) ** 2
    again, metres = 0, 0.0
    for row in range(lo, hi):
        px, py, pz = xyz[row, 0], xyz[row, 1], xyz[row, 2]
        piece, t = -1, 0.0
        if metres < 1.05 * _CHORDS_M:
            piece, metres, t = _search_near(px, py, pz, pieces, owner, boxes, bulge, height, leaf, reach2, nodes, gaps)
        if piece < 0 or metres > limit:
            piece, metres, t = _search_far(px, py, pz, pieces, owner, boxes, bulge, leaf, limit, nodes, gaps)
        j = order[row]
        if piece < 0:
            feature[j] = -1
            out[j, 0], out[j, 1], out[j, 2], out[j, 3] = np.nan, np.nan, np.nan, np.nan
            continue
        feature[j] = owner[piece]
        leaf = ((piece + 1) * leaves - 1) // n
        again += metres > 20e6
        out[j, 0] = metres / 1000
        out[j, 1], out[j, 2], out[j, 3] = _place(pieces, part, piece, t)
    return again


@_compiled
def _enter(pieces_k: Ints, metres_k: Floats, ts_k: Floats, owner: Ints, piece: int, length: float, t: float) -> None:
    """Put a piece among the k best features, sorted by distance, then position in the input, each feature once."""
    k = pieces_k.shape[0]
    at = k - 1
    for c in range(k):
        if pieces_k[c] >= 0 and owner[pieces_k[c]] == owner[piece]:
            if not _goes_before(owner, piece, length, pieces_k[c], metres_k[c]):
                return
            at = c
            break
    if pieces_k[at] >= 0 and not _goes_before(owner, piece, length, pieces_k[at], metres_k[at]):
        return
    while at > 0 and _goes_before(owner, piece, length, pieces_k[at - 1], metres_k[at - 1]):
        pieces_k[at], metres_k[at], ts_k[at] = pieces_k[at - 1], metres_k[at - 1], ts_k[at - 1]
        at -= 1
    pieces_k[at], metres_k[at], ts_k[at] = piece, length, t


@_compiled
def _goes_before(owner: Ints, i: int, length: float, j: int, other: float) -> bool:
    """Tell whether piece i at this length goes before piece j at the other, which may be none: -1 at infinity."""
    nearer: bool = length < other - TIE_M
    return nearer or (length <= other + TIE_M and _before(owner, i, j))


@_compiled
def nearest_k(
    lo: int, hi: int, xyz: Floats, order: Ints, tree: Tree, limit: float, out_piece: Ints, out_m: Floats, out_t: Floats
) -> None:
    """Fill the outputs, shape (n, k), with the k nearest features, nearest first; -1 and infinity where fewer."""
    pieces, owner, boxes, bulge = tree
    n, first_leaf = pieces.shape[0], boxes.shape[0] >> 1
    height = int(math.log2(first_leaf) + 0.5)
    k = out_piece.shape[1]
    nodes, gaps = np.empty(128, np.int64), np.empty(128)
    for row in range(lo, hi):
        px, py, pz = xyz[row, 0], xyz[row, 1], xyz[row, 2]
        j = order[row]
        out_piece[j, :], out_m[j, :], out_t[j, :] = -1, np.inf, 0.0
        best = limit
        reach = _reach(best)
        nodes[0], gaps[0], depth = 1, 0.0, 1
        while depth > 0:
            depth -= 1
            node = nodes[depth]
            if gaps[depth] > reach * reach:
                continue
            while node < first_leaf:
                near, far = 2 * node, 2 * node + 1
                near2, far2 = _box_gap2(px, py, pz, boxes, near), _box_gap2(px, py, pz, boxes, far)
                if far2 < near2:
                    near, far, near2, far2 = far, near, far2, near2
                if near2 > reach * reach:
                    break
                if far2 <= reach * reach:
                    nodes[depth], gaps[depth] = far, far2
                    depth += 1
                node = near
            if node < first_leaf:
                continue
            leaf = node - first_leaf
            for i in range(leaf * n >> height, (leaf + 1) * n >> height):
                length, t = _measure(px, py, pz, pieces, i, bulge, best, reach)
                if length <= limit and length < np.inf:
                    _enter(out_piece[j], out_m[j], out_t[j], owner, i, length, t)
                    best = min(limit, out_m[j, k - 1] + TIE_M)
                    reach = _reach(best)


@_compiled
def within(xyz: Floats, row: int, tree: Tree, limit: float, out_piece: Ints, out_m: Floats, out_t: Floats) -> int:
    """Fill the outputs with the pieces within limit metres of xyz[row]; return how many there are, stored or not."""
    pieces, boxes, bulge = tree[0], tree[2], tree[3]
    n, first_leaf = pieces.shape[0], boxes.shape[0] >> 1
    height = int(math.log2(first_leaf) + 0.5)
    px, py, pz = xyz[row, 0], xyz[row, 1], xyz[row, 2]
    reach = _reach(limit)
    nodes, depth, found = np.empty(128, np.int64), 1, 0
    nodes[0] = 1
    while depth > 0:
        depth -= 1
        node = nodes[depth]
        if _box_gap2(px, py, pz, boxes, node) > reach * reach:
            continue
        if node < first_leaf:
            nodes[depth], nodes[depth + 1] = 2 * node, 2 * node + 1
            depth += 2
            continue
        leaf = node - first_leaf
        for i in range(leaf * n >> height, (leaf + 1) * n >> height):
            length, t = _measure(px, py, pz, pieces, i, bulge, limit, reach)
            if length <= limit:
                if found < out_piece.shape[0]:
                    out_piece[found], out_m[found], out_t[found] = i, length, t
                found += 1
    return found


@_compiled
def pairs_within(
    xyz: Floats, tree: Tree, limits: Floats, out_row: Ints, out_piece: Ints, out_m: Floats, out_t: Floats
) -> int:
    """Fill the outputs with the rows of xyz and the pieces within limits[row] metres of each; return how many."""
    found, room = 0, out_row.shape[0]
    for row in range(xyz.shape[0]):
        begin = min(found, room)
        found += within(xyz, row, tree, limits[row], out_piece[begin:], out_m[begin:], out_t[begin:])
        out_row[begin : min(found, room)] = row
    return found


@_compiled
def locate(lo: int, hi: int, pieces: Floats, part: Floats, piece: Ints, t: Floats, out: Floats) -> None:
    """Fill out[lo:hi], shape (n, 3), with lon, lat in degrees and fraction at t on each piece; NaN for piece -1."""
    for j in range(lo, hi):
        if piece[j] < 0:
            out[j, 0], out[j, 1], out[j, 2] = np.nan, np.nan, np.nan
        else:
            out[j, 0], out[j, 1], out[j, 2] = _place(pieces, part, piece[j], t[j])


@_compiled
def interval(  # noqa: C901 - one kernel: numba compiles it whole
    lo: int, hi: int, xyz: Floats, order: Ints, nodes: Floats, ends: Ints, km: Floats, which: Ints, out: Floats
) -> None:
    """Fill the outputs at order[lo:hi] with the edge of the least (r1 + r2 - L)/2 and the nearest node, and both km.

    A row near an earlier one, its anchor, is asked only about what can be its answer: by the triangle inequality no
    node or edge whose chord bound at the anchor exceeds the anchor's own answer by twice their distance. Three
    anchors go from far-reaching to near, each list chosen from the one before.
    """
    n, m = nodes.shape[0], ends.shape[0]
    chord = np.empty(n)
    near, close, counts = np.empty((4, n), np.int64), np.empty((4, m), np.int64), np.empty((4, 2), np.int64)
    anchor = np.full((4, 3), np.inf)
    near[0], close[0] = np.arange(n), np.arange(m)
    counts[0, 0], counts[0, 1] = n, m
    for row in range(lo, hi):
        px, py, pz = xyz[row, 0], xyz[row, 1], xyz[row, 2]
        level = 0
        for one in range(1, 4):
            away2 = (px - anchor[one, 0]) ** 2 + (py - anchor[one, 1]) ** 2 + (pz - anchor[one, 2]) ** 2
            if away2 < _ANCHOR_M[one] ** 2:
                level = one
        high, reach, node = np.inf, np.inf, 0
        for c in range(counts[level, 0]):
            i = near[level, c]
            chord[i] = math.sqrt((px - nodes[i, 0]) ** 2 + (py - nodes[i, 1]) ** 2 + (pz - nodes[i, 2]) ** 2)
            if chord[i] <= reach:
                length = _length(px, py, pz, nodes, i)
                if length < high:
                    high, reach, node = length, _reach(length), i
        low, edge = np.inf, 0
        for c in range(counts[level, 1]):
            e = close[level, c]
            a, b = ends[e, 0], ends[e, 1]
            if level > 0:
                chord[a] = math.sqrt((px - nodes[a, 0]) ** 2 + (py - nodes[a, 1]) ** 2 + (pz - nodes[a, 2]) ** 2)
                chord[b] = math.sqrt((px - nodes[b, 0]) ** 2 + (py - nodes[b, 1]) ** 2 + (pz - nodes[b, 2]) ** 2)
            if 0.5 * (chord[a] + chord[b]) - 500 * km[e] < low:
                bound = 0.5 * (_length(px, py, pz, nodes, a) + _length(px, py, pz, nodes, b)) - 500 * km[e]
                if bound < low:
                    low, edge = bound, e
        for one in range(level + 1, 4):
            anchor[one, 0], anchor[one, 1], anchor[one, 2] = px, py, pz
            kept = 0
            for c in range(counts[level, 0]):
                i = near[level, c]
                if chord[i] <= high + _ANCHOR_SLACK_M[one]:
                    near[one, kept] = i
                    kept += 1
            counts[one, 0], kept = kept, 0
            for c in range(counts[level, 1]):
                e = close[level, c]
                if 0.5 * (chord[ends[e, 0]] + chord[ends[e, 1]]) - 500 * km[e] <= low + _ANCHOR_SLACK_M[one]:
                    close[one, kept] = e
                    kept += 1
            counts[one, 1] = kept
        j = order[row]
        which[j, 0], which[j, 1] = edge, node
        out[j, 0], out[j, 1] = max(0.0, low) / 1000, high / 1000
