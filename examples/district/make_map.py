#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""make_map.py EXPORT.json MAP.osm.gz - an OpenStreetMap export in GeoJSON back into OSM XML.

The export (large-network.json of the npm package geojson-path-finder 2.1.0, (c) OpenStreetMap
contributors, ODbL) keeps way ids and tags but drops the nodes. They return from the coordinates:
OSM stores seven decimals, so two ways meet where, and only where, these are equal. A node's id is
synthetic: 1, 2, 3 ... in the order of first appearance. Areas become closed ways.

The same export gives the same bytes. Python 3, standard library only."""
import gzip
import io
import json
import os
import sys
import tempfile
from decimal import Decimal
from xml.sax.saxutils import quoteattr

MAX_EXPORT_BYTES = 1 << 28

# "Drivable" in the counts below: a line (not an area) of one of these classes, whatever its access.
DRIVABLE = frozenset(
    kind + ending
    for kind in ("motorway", "trunk", "primary", "secondary", "tertiary")
    for ending in ("", "_link")
) | {"unclassified", "residential", "living_street", "service", "road"}


class BadExport(Exception):
    pass


def fixed(value, limit, where, field):
    """Degrees as the integer of 1e-7 that OSM stores."""
    if not isinstance(value, Decimal) or not value.is_finite() or abs(value) > limit:
        raise BadExport(f"{where}, field {field}: {value}, expected -{limit} to {limit}")
    return int((value * 10**7).to_integral_value())


def degrees(fixed_value):
    return f"{Decimal(fixed_value).scaleb(-7):.7f}"


def way_lines(feature, where):
    """The lines of a feature: one, save for an area with holes."""
    geometry = feature.get("geometry") or {}
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "LineString":
        return [coordinates]
    if kind == "Polygon":
        return coordinates[:1]  # holes belong to relations, which the export lacks
    raise BadExport(f"{where}, field geometry: {kind}, expected LineString or Polygon")


class Map:
    def __init__(self):
        self.node_ids = {}  # (lat, lon) in 1e-7 degrees -> id, in order of first appearance
        self.ways = []  # (id, node ids, tags)
        self.n_drivable = 0

    def add(self, feature, number):
        where = f"feature {number}"
        name = str(feature.get("id", ""))
        if not name.startswith("way/") or not name[4:].isdigit():
            raise BadExport(f"{where}, field id: {name!r}, expected way/NUMBER")
        tags = {k: v for k, v in feature.get("properties", {}).items() if not k.startswith("@")}
        for line in way_lines(feature, where):
            self.ways.append((int(name[4:]), [self.node(p, where) for p in line], tags))
        is_line = feature["geometry"]["type"] == "LineString"
        self.n_drivable += is_line and tags.get("highway") in DRIVABLE

    def node(self, point, where):
        key = (fixed(point[1], 90, where, "lat"), fixed(point[0], 180, where, "lon"))
        return self.node_ids.setdefault(key, len(self.node_ids) + 1)

    def write(self, out, note):
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        out.write('<osm version="0.6" generator="make_map.py" '
                  f"copyright={quoteattr(note)} license=\"ODbL 1.0\">\n")
        for (lat, lon), node_id in self.node_ids.items():
            out.write(f' <node id="{node_id}" lat="{degrees(lat)}" lon="{degrees(lon)}"/>\n')
        for way_id, node_ids, tags in sorted(self.ways, key=lambda way: way[0]):
            out.write(f' <way id="{way_id}">\n')
            out.writelines(f'  <nd ref="{node_id}"/>\n' for node_id in node_ids)
            out.writelines(
                f"  <tag k={quoteattr(key)} v={quoteattr(str(tags[key]))}/>\n"
                for key in sorted(tags))
            out.write(" </way>\n")
        out.write("</osm>\n")


def read_export(path):
    if os.path.getsize(path) > MAX_EXPORT_BYTES:
        raise BadExport(f"larger than {MAX_EXPORT_BYTES} bytes, expected less")
    with open(path, encoding="utf-8") as source:
        export = json.load(source, parse_float=Decimal, parse_int=Decimal)
    if not isinstance(export, dict) or export.get("type") != "FeatureCollection":
        raise BadExport("expected a GeoJSON FeatureCollection")
    result = Map()
    for number, feature in enumerate(export["features"], 1):
        result.add(feature, number)
    return result


def packed(result):
    text = io.StringIO()
    result.write(text, "OpenStreetMap contributors")
    buffer = io.BytesIO()
    # mtime 0 and no name: the same bytes on any day, in any folder.
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, compresslevel=9, mtime=0) as out:
        out.write(text.getvalue().encode("utf-8"))
    return buffer.getvalue()


def write_whole(path, data):
    """Whole or not at all: a temporary neighbour, then a rename."""
    folder = os.path.dirname(os.path.abspath(path))
    handle, temporary = tempfile.mkstemp(prefix=os.path.basename(path) + ".part-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def main(arguments):
    if len(arguments) != 3:
        print("usage: make_map.py EXPORT.json MAP.osm.gz", file=sys.stderr)
        return 2
    try:
        result = read_export(arguments[1])
        write_whole(arguments[2], packed(result))
    except (BadExport, OSError, ValueError, KeyError, TypeError, IndexError) as error:
        print(f"{arguments[1]}: {error}", file=sys.stderr)
        return 1
    print(f"{len(result.node_ids)} nodes, {len(result.ways)} ways, of which {result.n_drivable} "
          "are drivable (lines of class motorway to service)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
