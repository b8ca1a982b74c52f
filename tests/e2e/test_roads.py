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
        assert re.search(r"[1-9]\d* restrictions \(0 by hour or vehicle\), 0 unmatched, 0 left out", text), text
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


def test_what_is_not_understood_about_hours_is_listed():
    with Scratch() as tmp:
        grid_town(tmp / "town.osm", rows=3, columns=3)
        text = (tmp / "town.osm").read_text()
        for way, value in ((100000, "no @ (06:00-22:00)"), (100001, "no @ (sunset-sunrise)"),
                           (100002, "no @ (sunset-sunrise)")):
            at = text.index("</way>", text.index(f'<way id="{way}"'))
            text = text[:at] + f'<tag k="hgv:conditional" v="{value}"/>' + text[at:]
        (tmp / "town.osm").write_text(text)
        said = run(KERBSIDE, "roads", tmp / "town.osm").stdout.decode()
        unread = said[said.index("unread"):].split("\n\n")[0].splitlines()
        assert len(unread) == 2, said
        assert unread[1].split() == "2 hgv:conditional=no @ (sunset-sunrise) (way 100001)".split()


def write_town(path, *changes):
    """A town of 9 junctions, with words of it replaced."""
    grid_town(path, rows=3, columns=3)
    text = path.read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text)
    return path


def diff(old, new, *words):
    return run(KERBSIDE, "roads", "--diff", old, new, *words).stdout.decode()


def test_an_extract_and_itself_differ_in_nothing():
    with Scratch() as tmp:
        town = write_town(tmp / "town.osm")
        lines = diff(town, town).splitlines()
        assert len(lines) == 8 and all(line.endswith(" 0 segments, 0.000 km") for line in lines), lines


def test_what_changed_is_told_way_by_way():
    with Scratch() as tmp:
        old = write_town(tmp / "old.osm")
        new = write_town(
            tmp / "new.osm", ("Row 2", "King Street"), ('v="secondary"', 'v="residential"'),
            ('<nd ref="2"/><nd ref="5"/><nd ref="8"/>', '<nd ref="2"/><nd ref="5"/>'),
            ('<tag k="name" v="Column 2"/>', '<tag k="name" v="Column 2"/><tag k="oneway" v="-1"/>'),
            ('<nd ref="1"/><nd ref="2"/><nd ref="3"/>', '<nd ref="1"/><nd ref="3"/>'))
        said = diff(old, new)
        assert 'way 100002 "King Street": name; 2 segments' in said, said
        assert '; name "Row 2" -> "King Street"' in said, said
        assert 'way 200000 "Column 0": class' in said and "; class secondary -> residential" in said
        assert 'way 200001 "Column 1": removed; 1 segments, 122 m' in said, said
        assert 'way 200002 "Column 2": access; 2 segments' in said, said
        assert "; open both -> against" in said, said
        assert 'way 100000 "Row 0": removed; 2 segments, 218 m' in said, said
        assert 'way 100000 "Row 0": added; 1 segments, 218 m' in said, said
        back = diff(new, old)
        counts = {line.split()[0]: line.split()[1] for line in said.splitlines()[:8]}
        turned = {line.split()[0]: line.split()[1] for line in back.splitlines()[:8]}
        assert counts["removed"] == turned["added"] != "0" and counts["name"] == turned["name"] == "2"


def test_a_way_that_is_only_split_has_not_changed():
    with Scratch() as tmp:
        old = write_town(tmp / "old.osm")
        text = old.read_text()
        way = next(line for line in text.splitlines() if line.startswith('<way id="100002"'))
        first = way.replace('<nd ref="9"/>', "")
        second = way.replace('<nd ref="7"/>', "").replace("100002", "100099")
        (tmp / "new.osm").write_text(text.replace(way, first + "\n" + second))
        assert all(" 0 segments" in line for line in diff(old, tmp / "new.osm").splitlines())


def test_changes_are_drawn():
    with Scratch() as tmp:
        old = write_town(tmp / "old.osm")
        new = write_town(tmp / "new.osm", ("Row 2", "King Street"))
        diff(old, new, "--geojson", tmp / "diff.geojson")
        (feature,) = json.loads((tmp / "diff.geojson").read_text())["features"]
        assert feature["properties"] == {"way": 100002, "name": "King Street", "changes": "name"}
        assert len(feature["geometry"]["coordinates"]) == 2
        assert run(KERBSIDE, "roads", old, new, ok=(2,)) and run(KERBSIDE, "roads", "--diff", old, ok=(2,))


KERBS = '''kerb_id,name,way_id,from_node,to_node,side,note
A,Row 2,100002,7,9,right,"one, two"
B,Column 1,200001,8,2,left,
C,Row 1,100001,4,6,left,"say ""hi"""
D,Row 0,100000,1,3,right,
'''


def rematch(old, new, kerbs, ok=(0,)):
    kerbs.write_text(KERBS)
    out = kerbs.with_name("carried.csv")
    said = run(KERBSIDE, "roads", "--rematch", kerbs, old, new, "-o", out, ok=ok).stdout.decode()
    return said, out.read_text()


def test_kerbs_of_the_same_extract_are_kept_as_they_are():
    with Scratch() as tmp:
        old = write_town(tmp / "old.osm")
        said, table = rematch(old, old, tmp / "kerbs.csv")
        assert "kept       4 kerbs" in said and len(said.splitlines()) == 6, said
        assert table == KERBS, table


def line_of(text, way):
    return next(line for line in text.splitlines() if line.startswith(f'<way id="{way}"'))


def test_kerbs_are_found_again_on_split_renumbered_and_redrawn_ways():
    with Scratch() as tmp:
        old = write_town(tmp / "old.osm")
        text = old.read_text().replace('<way id="200001"', '<way id="777"')  # renumbered
        way = line_of(text, 100002)  # split at 8
        text = text.replace(way, way.replace('<nd ref="9"/>', "") + "\n" +
                            way.replace('<nd ref="7"/>', "").replace("100002", "100099"))
        row = line_of(text, 100001)  # drawn anew, a metre to the north, with nodes of its own
        drawn, nodes = row.replace("100001", "888"), ""
        for column in range(3):
            drawn = drawn.replace(f'<nd ref="{4 + column}"/>', f'<nd ref="{904 + column}"/>')
            nodes += (f'<node id="{904 + column}" version="1" lat="{26.9 + 0.00111:.7f}" '
                      f'lon="{112.6 + column * 0.0011:.7f}"/>\n')
        new = tmp / "new.osm"
        new.write_text(text.replace(row, drawn).replace("<way", nodes + "<way", 1))
        said, table = rematch(old, new, tmp / "kerbs.csv")
        rows = [line.split(",")[:6] for line in table.splitlines()]
        assert rows[1] == ["A", "Row 2", "100002", "7", "8", "right"], table
        assert rows[2] == ["A.2", "Row 2", "100099", "8", "9", "right"], table
        assert rows[3] == ["B", "Column 1", "777", "8", "2", "left"], table
        assert rows[4] == ["C", "Row 1", "888", "904", "906", "left"], table
        assert rows[5] == ["D", "Row 0", "100000", "1", "3", "right"], table
        assert "A: split, way 100002 -> 100002, 100099" in said, said
        assert "B: renumbered, way 200001 -> 777" in said, said
        assert "C: moved by 1.1 m, way 100001 -> 888" in said, said


def test_a_kerb_that_is_gone_is_said_to_be_lost_and_stays():
    with Scratch() as tmp:
        old = write_town(tmp / "old.osm")
        text = old.read_text()
        (tmp / "new.osm").write_text(text.replace(line_of(text, 100001), ""))
        said, table = rematch(old, tmp / "new.osm", tmp / "kerbs.csv", ok=(5,))
        assert "lost       1 kerbs" in said and "C: lost, way 100001\n" in said, said
        assert "\nC,Row 1,100001,4,6,left" in table, table
        assert run(KERBSIDE, "roads", "--rematch", old, old, old, ok=(1,)).stderr


def test_a_missing_extract_is_refused():
    with Scratch() as tmp:
        done = run(KERBSIDE, "roads", tmp / "none.osm", ok=(1,))
        assert b"none.osm" in done.stderr


if __name__ == "__main__":
    main(sys.modules[__name__])
