#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kerbside roads: what it says of an extract, and the files it writes."""
import json
import re
import sys

from town import KERBSIDE, Scratch, grid_town, main, run


def test_roads_are_summed_up():
    with Scratch() as tmp:
        grid_town(tmp / "town.osm")
        text = run(KERBSIDE, "roads", tmp / "town.osm").stdout.decode()
        length_km, n_nodes, n_arcs = re.search(r"([\d.]+) km, (\d+) nodes, (\d+) arcs", text).groups()
        assert int(n_nodes) == 14 * 14 and int(n_arcs) == 2 * 2 * 14 * 13, text
        # 14 columns of 13 steps of 0.0011 degrees, and as many steps along a parallel.
        assert abs(float(length_km) - 14 * 13 * 0.0011 * 111.195 * (1 + 0.8917)) < 0.5, text
        assert re.search(r"[1-9]\d* restrictions, 0 unmatched, 0 left out", text), text
        assert re.search(r"hash [0-9a-f]{16}\n", text), text


def test_every_piece_of_road_becomes_a_line():
    with Scratch() as tmp:
        grid_town(tmp / "town.osm", rows=3, columns=3)
        out = tmp / "roads.geojson"
        run(KERBSIDE, "roads", tmp / "town.osm", "--geojson", out)
        lines = json.loads(out.read_text())["features"]
        assert len(lines) == 12
        assert {line["properties"]["class"] for line in lines} == {"tertiary", "secondary",
                                                                   "residential"}
        one_way = [line for line in lines if line["properties"]["truck_against"] == "no"]
        assert {line["properties"]["name"] for line in one_way} == {"Row 1"}
        to_stdout = run(KERBSIDE, "roads", tmp / "town.osm", "--geojson", "-")
        assert to_stdout.stdout == out.read_bytes() and b"km" in to_stdout.stderr


def test_a_cut_off_part_is_told():
    with Scratch() as tmp:
        grid_town(tmp / "town.osm", rows=3, columns=3)
        text = (tmp / "town.osm").read_text()
        island = ('<node id="9001" version="1" lat="26.95" lon="112.65"/>'
                  '<node id="9002" version="1" lat="26.951" lon="112.65"/></osm>')
        way = ('<way id="9003" version="1"><nd ref="9001"/><nd ref="9002"/>'
               '<tag k="highway" v="residential"/></way></osm>')
        text = text.replace("</osm>", way)
        text = text.replace('<way id="100000"', island[:-6] + '<way id="100000"', 1)
        (tmp / "town.osm").write_text(text)
        said = run(KERBSIDE, "roads", tmp / "town.osm").stdout.decode()
        share = float(re.search(r"([\d.]+) % of them", said)[1])
        assert 50 < share < 95, said
        assert said.count("joined to nothing") == 4, said  # four kinds of vehicles


def test_a_missing_extract_is_refused():
    with Scratch() as tmp:
        done = run(KERBSIDE, "roads", tmp / "none.osm", ok=(1,))
        assert b"none.osm" in done.stderr


if __name__ == "__main__":
    main(sys.modules[__name__])
