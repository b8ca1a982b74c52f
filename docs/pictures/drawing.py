# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of docs/method.md, drawn from what the tools wrote about the demo district: its plan
(GeoJSON), its streets (GeoJSON), the trace of a search (CSV), its sensors (JSON). See pictures.py."""
import csv
import datetime
import json
import math
import re
import zoneinfo

INK, GREY, PALE, RED, BLUE, KERB = "#222", "#777", "#d5d5d5", "#b3261e", "#1f5fa8", "#7b4fa3"
GREATER = {"motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link",
           "tertiary", "tertiary_link"}
ROUTES = ("#1f5fa8", "#b3261e", "#2e7d32", "#8a5a00", "#6a3d9a", "#00838f", "#ad1457", "#455a64")


class Picture:
    def __init__(self, width, height, title):
        self.parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
                      f'height="{height}" font-family="sans-serif" font-size="12" role="img">',
                      f"<title>{title}</title>", f'<rect width="{width}" height="{height}" fill="#fff"/>']

    def add(self, text):
        self.parts.append(text)

    def text(self, x, y, text, colour=INK, anchor="start", size=12):
        text = str(text).replace("&", "&amp;").replace("<", "&lt;")
        self.add(f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}" font-size="{size}">{text}</text>')

    def line(self, points, colour, width=1.0, more=""):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.add(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}" '
                 f'stroke-linejoin="round" {more}/>')

    def dot(self, x, y, radius, fill, stroke="#fff"):
        self.add(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="{stroke}"/>')

    def write(self, path):
        path.write_text("\n".join([*self.parts, "</svg>", ""]), encoding="utf-8")


class Axes:
    """A frame with ticks; call it with (x, y) for a place on the picture."""

    def __init__(self, picture, box, x_range, y_range, x_ticks, y_ticks, x_title, y_title):
        self.box, self.x_range, self.y_range = box, x_range, y_range
        left, top, right, bottom = box
        for value, label in y_ticks:
            y = self(x_range[0], value)[1]
            picture.line([(left, y), (right, y)], PALE, 0.8)
            picture.text(left - 6, y + 4, label, GREY, "end")
        for value, label in x_ticks:
            x = self(value, y_range[0])[0]
            picture.line([(x, bottom), (x, bottom + 4)], GREY)
            picture.text(x, bottom + 18, label, GREY, "middle")
        picture.line([(left, top), (left, bottom), (right, bottom)], GREY)
        picture.text((left + right) / 2, bottom + 36, x_title, INK, "middle")
        picture.text(left, top - 10, y_title, INK)

    def __call__(self, x, y):
        left, top, right, bottom = self.box
        return (left + (x - self.x_range[0]) / (self.x_range[1] - self.x_range[0]) * (right - left),
                bottom - (y - self.y_range[0]) / (self.y_range[1] - self.y_range[0]) * (bottom - top))


class View:
    """A window of the map, metres as pixels alike in both directions."""

    def __init__(self, west, south, east, north, width):
        self.window = (west, south, east, north)
        self.scale = width / (east - west)
        self.squeeze = 1 / math.cos(math.radians((south + north) / 2))
        self.width, self.height = width, (north - south) * self.scale * self.squeeze

    def __call__(self, place):
        west, _, _, north = self.window
        return (place[0] - west) * self.scale, (north - place[1]) * self.scale * self.squeeze

    def sees(self, points):
        west, south, east, north = self.window
        return any(west <= lon <= east and south <= lat <= north for lon, lat, *_ in points)

    def line(self, points):
        """On the picture, points nearer than a pixel to the last one left out."""
        out = []
        for place in map(self, (point[:2] for point in points)):
            if not out or math.dist(out[-1], place) > 1.2:
                out.append(place)
        return out if len(out) > 1 else out * 2


def lines_of(feature):
    shape = feature["geometry"]
    return [shape["coordinates"]] if shape["type"] == "LineString" else shape["coordinates"]


def scale_bar(picture, view, metres):
    pixels = metres / 111320 * view.scale * view.squeeze
    x, y = 12, view.height - 14
    picture.add(f'<rect x="4" y="{y - 20:.1f}" width="{pixels + 18:.1f}" height="28" fill="#fff" fill-opacity="0.85"/>')
    picture.line([(x, y), (x + pixels, y)], INK, 2)
    picture.text(x, y - 6, f"{metres} m")
    picture.add(f'<rect x="{view.width - 158}" y="{view.height - 22:.1f}" width="158" height="22" fill="#fff" fill-opacity="0.85"/>')
    picture.text(view.width - 6, view.height - 8, "© OpenStreetMap contributors", GREY, "end", 10)


def clock_of(district):
    """As-of, the middle of the night, for which fills are forecast, and the offset of its zone, in s."""
    value = lambda key: re.search(key + r': *"?([^\s"},]+)', district).group(1)
    zone = zoneinfo.ZoneInfo(value("time_zone"))
    day = datetime.datetime.fromisoformat(value("date")).replace(tzinfo=zone)
    start, end = (int(value(key)[:2]) + int(value(key)[3:]) / 60 for key in (r"night: \{start", r"end"))
    middle_h = start + ((end - start) % 24) / 2
    as_of = datetime.datetime.fromisoformat(value("as_of")).replace(tzinfo=zone)
    return as_of.timestamp(), day.timestamp() + 3600 * middle_h, int(day.utcoffset().total_seconds())


def hours(time_s, zone_s):
    return datetime.datetime.fromtimestamp(time_s + zone_s, datetime.timezone.utc)


def draw_search(path, trace):
    """Cost and bound over processor time."""
    rows = list(csv.DictReader(trace.open()))
    costs = [(float(row["cpu_s"]), float(row["primal"])) for row in rows if row["primal"]]
    bounds = [(float(row["cpu_s"]), float(row["dual"])) for row in rows if row["dual"]]
    assert costs and bounds, "no cost or no bound in the trace"
    last_s = max(costs[-1][0], bounds[-1][0]) * 1.02
    # The first answers are far off; the picture begins where it can be read.
    top = costs[-1][1] * 1.25
    low = min(bounds[-1][1], costs[-1][1]) * 0.9
    picture = Picture(720, 320, "Cost of the best plan and proved bound over the time of a search")
    step = 10 ** math.floor(math.log10(top - low)) / 2
    first = math.ceil(low / step) * step
    y_ticks = [(first + k * step, f"{first + k * step:,.0f}") for k in range(int((top - first) / step) + 1)]
    every_s = next(one for one in (1, 2, 5, 10, 20, 50, 100, 200) if last_s / one <= 8)
    x_ticks = [(k * every_s, f"{k * every_s}") for k in range(int(last_s / every_s) + 1)]
    at = Axes(picture, (70, 34, 700, 262), (0, last_s), (low, top), x_ticks, y_ticks, "processor seconds", "CNY")
    for points, colour, name in ((costs, BLUE, "best plan"), (bounds, RED, "bound")):
        steps, before = [], None
        for x, y in [*points, (last_s, points[-1][1])]:
            if before is not None:
                steps.append((x, before))
            steps.append((x, y))
            before = y
        picture.line([at(x, min(max(y, low), top)) for x, y in steps], colour, 1.8)
        x, y = at(last_s, points[-1][1])
        picture.text(x - 4, y + (-8 if colour == BLUE else 26), f"{name} {points[-1][1]:,.0f}", colour, "end")
    picture.write(path)


def draw_forecast(path, sensors, reports, clock):
    """A container that is due: what it reported, and what it will be when a truck can be there."""
    known = {}
    for row in csv.DictReader(reports.open()):
        if row["fill_ratio"]:
            at_s = datetime.datetime.fromisoformat(row["measured"].replace("Z", "+00:00")).timestamp()
            known.setdefault(row["container_id"], []).append((at_s, float(row["fill_ratio"])))
    as_of_s, service_s, zone_s = clock
    # One that is due and not full yet, of these the one that fills most until then.
    likely = [one for one in sensors["list"] if one["verdict"] == "ok" and 0.85 < one["fill"] < 0.98]
    one = max(likely, key=lambda one: (
        one["fill"] - max(point for point in known[one["container"]] if point[0] <= as_of_s)[1], one["container"]))
    points = sorted(point for point in known[one["container"]] if as_of_s - 9 * 86400 <= point[0] <= as_of_s)
    first_s, last_s = points[0][0], service_s + 86400
    days = [first_s - (first_s + zone_s) % 86400 + k * 86400 for k in range(1, int((last_s - first_s) / 86400) + 2)]
    picture = Picture(720, 320, f"Reports and forecast of container {one['container']}")
    at = Axes(picture, (50, 34, 700, 262), (first_s, last_s), (0, 1.2),
              [(day, f"{hours(day, zone_s):%d %b}") for day in days if day < last_s],
              [(k / 5, f"{20 * k} %") for k in range(7)], "", f"fill of container {one['container']} ({one['stream']})")
    for level, name in ((0.85, "must"), (0.55, "may")):
        picture.line([at(first_s, level), at(last_s, level)], GREY, 1, 'stroke-dasharray="5 4"')
        picture.text(at(first_s, level)[0] + 4, at(first_s, level)[1] - 5, name, GREY)
    for before, after in zip(points, points[1:]):
        if after[1] >= before[1]:
            picture.line([at(*before), at(*after)], BLUE, 0.8, 'stroke-opacity="0.5"')
    for at_s, fill in points:
        picture.dot(*at(at_s, fill), 3, BLUE)
    picture.line([at(as_of_s, 0), at(as_of_s, 1.15)], GREY, 1)
    picture.text(at(as_of_s, 1.15)[0] - 4, at(as_of_s, 1.15)[1] + 4, "as of", GREY, "end")
    fill, sd = one["fill"], one["sd"]
    picture.line([at(*points[-1]), at(service_s, fill)], RED, 1.6, 'stroke-dasharray="2 3"')
    low, high = at(service_s, fill - 2 * sd), at(service_s, fill + 2 * sd)
    picture.line([low, high], RED, 5, 'stroke-opacity="0.35"')
    picture.dot(*at(service_s, fill), 3.5, RED)
    picture.text(high[0] + 9, at(service_s, fill)[1] + 16, f"{100 * fill:.0f} %", RED)
    picture.write(path)


def draw_routes(path, plan, streets):
    """Every route of the night over the greater streets."""
    work = [point for one in plan if one["properties"]["is"] == "route" for line in lines_of(one) for point in line]
    lons, lats = sorted(point[0] for point in work), sorted(point[1] for point in work)
    view = View(lons[0] - 0.004, lats[0] - 0.002, lons[-1] + 0.004, lats[-1] + 0.002, 720)
    picture = Picture(720, round(view.height), "The routes of the demo district")
    for one in streets:
        if one["properties"].get("class") in GREATER and view.sees(lines_of(one)[0]):
            for line in lines_of(one):
                picture.line(view.line(line), PALE, 1)
    routes = [one for one in plan if one["properties"]["is"] == "route"]
    for index, one in enumerate(routes):
        for line in lines_of(one):
            picture.line(view.line(line), ROUTES[index % len(ROUTES)], 1.6, 'stroke-opacity="0.8"')
        picture.text(view.width - 8, 18 + 15 * index, one["properties"]["shift"], ROUTES[index % len(ROUTES)], "end")
    for one in plan:
        kind = one["properties"]["is"]
        if kind == "place":
            x, y = view(one["geometry"]["coordinates"])
            picture.add(f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{INK}" stroke="#fff"/>')
            picture.text(x + 7, y + 4, one["properties"]["id"], INK, size=11)
    scale_bar(picture, view, 1000)
    picture.write(path)


def densest(points, lon_reach, lat_reach):
    """The point with most others around it."""
    def n_near(place):
        return sum(abs(other[0] - place[0]) < lon_reach and abs(other[1] - place[1]) < lat_reach for other in points)
    return max(points, key=lambda place: (n_near(place), place))


def to_the_right(points, pixels):
    """The same line so far to the right of its direction, as a brush drives along a kerb."""
    out = []
    for index, (x, y) in enumerate(points):
        before, after = points[max(index - 1, 0)], points[min(index + 1, len(points) - 1)]
        length = math.dist(before, after) or 1
        out.append((x - (after[1] - before[1]) / length * pixels, y + (after[0] - before[0]) / length * pixels))
    return out


def draw_kerbs(path, plan, streets, reach_m):
    """A few streets close by: kerbs swept on their own side, containers in the order of their truck."""
    serves = [one for one in plan if one["properties"]["is"] == "stop" and one["properties"]["kind"] == "serve"]
    sweeps = [one for one in plan if one["properties"]["is"] == "sweep"]
    lat_reach = reach_m / 111320 / 2 * 0.6
    lon_reach = reach_m / 111320 / 2 / math.cos(math.radians(serves[0]["geometry"]["coordinates"][1]))
    lon, lat = densest([one["geometry"]["coordinates"] for one in serves] +
                       [lines_of(one)[0][0] for one in sweeps], lon_reach, lat_reach)[:2]
    view = View(lon - lon_reach, lat - lat_reach, lon + lon_reach, lat + lat_reach, 720)
    picture = Picture(720, round(view.height), "Kerbs and containers on their side of the street")
    for one in streets:
        if view.sees(lines_of(one)[0]):
            for line in lines_of(one):
                picture.line(view.line(line), PALE, 9, 'stroke-linecap="round"')
    picture.add(f'<defs><marker id="tip" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="4" markerHeight="4" orient="auto">'
                f'<path d="M0,0L6,3L0,6z" fill="{KERB}"/></marker></defs>')
    for one in sweeps:
        line = lines_of(one)[0]
        if view.sees(line):
            picture.line(to_the_right(view.line(line), 5), KERB, 2.4, 'marker-end="url(#tip)"')
    for index, one in enumerate(dict.fromkeys(one["properties"]["shift"] for one in serves)):
        stops = [stop for stop in serves if stop["properties"]["shift"] == one]
        for stop in stops:
            place = stop["geometry"]["coordinates"]
            if view.sees([place]):
                x, y = view(place)
                picture.dot(x, y, 9, ROUTES[index])
                picture.text(x, y + 3.5, stop["properties"]["order"], "#fff", "middle", 9)
        picture.text(view.width - 8, 18 + 15 * index, one, ROUTES[index], "end")
    picture.text(8, 18, "swept kerb, in the direction of the sweeper", KERB)
    scale_bar(picture, view, 50)
    picture.write(path)
