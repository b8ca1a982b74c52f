#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Local corrections of the roads: the table, what it changes, and who must know of it."""
import json
import re
import sys

from town import KERBSIDE, Scratch, grid_town, main, make_district, run

HEAD = "action,way_id,from_node,to_node,node_id,lat,lon,line,name,speed_kmh,max_height_m,closed_to,open_to\n"


def lines_of(extract, table, tmp):
    run(KERBSIDE, "roads", extract, "--extra", table, "--geojson", tmp / "roads.geojson")
    return json.loads((tmp / "roads.geojson").read_text())["features"]


def test_each_action_changes_the_roads():
    with Scratch() as tmp:
        grid_town(tmp / "town.osm", rows=4, columns=4)
        (tmp / "extra.csv").write_text(
            HEAD + "close,100000,1,2,,,,,,,,,\n"
            "set,100002,,,,,,,Mill Lane,36,3.2,,\n"
            'add,,,,,,,"LINESTRING (112.6001 26.9001, 112.6005 26.9005, 112.6011 26.9011)",Cut,,,,\n'
            "close,,,,,26.9033,112.60165,,,,,truck,\n")
        lines = lines_of(tmp / "town.osm", tmp / "extra.csv", tmp)
        of = {}
        for line in lines:
            of.setdefault(line["properties"]["way"], []).append(line["properties"])
        assert [p["truck_along"] == "no" for p in of[100000]] == [True, False, False], of[100000]
        assert {p["name"] for p in of[100002]} == {"Mill Lane"}
        assert {tuple(p["speed_mm_per_s"]) for p in of[100002]} == {(10000, 10000)}
        assert {p["max_height_mm"] for p in of[100002]} == {3200}
        assert sum(p["truck_along"] == "no" and p["truck_against"] == "no" for p in of[100003]) == 1
        added = [p for way, ps in of.items() if way < 0 for p in ps]
        assert len(added) == 1 and added[0]["name"] == "Cut" and added[0]["truck_along"] == "main"
        assert len(lines) == 25


def test_rows_that_match_nothing_or_do_not_parse_are_named_and_left_out():
    with Scratch() as tmp:
        grid_town(tmp / "town.osm", rows=3, columns=3)
        rows = ["close,7,,,,,,,,,,,", "close,100000,1,9,,,,,,,,,", "set,,,,77,,,,,,2,,",
                "close,,,,,27.5,112.6,,,,,,", 'add,,,,,,,"LINESTRING (113 27, 113 27.1)",,,,,',
                'add,,,,,,,"LINESTRING (113 27)",,,,,', "close,100000,,,,,,,,,,lorry,",
                "shut,100000,,,,,,,,,,,", "close,100000,1,,,,,,,,,,", "close,,,,,,,,,,,,"]
        (tmp / "extra.csv").write_text(HEAD + "\n".join(rows) + "\n")
        done = run(KERBSIDE, "roads", tmp / "town.osm", "--extra", tmp / "extra.csv")
        said = done.stderr.decode()
        for record, words in ((1, "field way_id: 7, expected a way of the road network"),
                              (2, "field from_node: 1, expected two nodes of that way"),
                              (3, "field node_id: 77, expected a node of a road"),
                              (4, "field lat: 27.500000 112.600000, expected a road within 30 m"),
                              (5, "field line: 27.000000 113.000000, expected a node of a road"),
                              (6, "field line: LINESTRING (113 27), expected LINESTRING (lon lat"),
                              (7, "field closed_to: lorry, expected some of truck, sweeper"),
                              (8, "field action: shut, expected one of close, add, set"),
                              (9, "field from_node: 1, expected with to_node and way_id"),
                              (10, "field way_id: nothing, expected a way, one position or a node")):
            assert re.search(rf"record {record}, {re.escape(words)}", said), (record, said)


def with_extra(district, rows):
    (district.parent / "extra.csv").write_text(HEAD + rows)
    text = district.read_text()
    assert "tables:" in text
    district.write_text(re.sub(r"^tables:.*$", lambda m: m[0].replace("{", "{roads_extra: extra.csv, ")
                               if "{" in m[0] else m[0] + "\n  roads_extra: extra.csv", text,
                               count=1, flags=re.M))


def test_a_plan_is_made_and_judged_on_the_corrected_roads():
    with Scratch() as tmp:
        district = make_district(tmp)
        plain = run(KERBSIDE, "validate", district).stdout.decode()
        with_extra(district, "close,100004,,,,,,,,,,,\nset,200003,,,,,,,,10,,,\nclose,5,,,,,,,,,,,\n")
        said = run(KERBSIDE, "validate", district).stdout.decode()
        assert "quarantined: extra.csv, record 3, field way_id: 5" in said, said
        assert plain.split("problem ")[1] != said.split("problem ")[1], "the same problem"
        run(KERBSIDE, "plan", district, "-o", tmp / "plan.pb", "--iterations", 200, "--quiet",
            "--geojson", tmp / "plan.geojson", ok=(0, 5))
        assert "accepted" in run(KERBSIDE, "check", district, tmp / "plan.pb").stdout.decode()
        run(KERBSIDE, "problem", district, "-o", tmp / "problem.pb")
        done = run(KERBSIDE, "check", tmp / "problem.pb", tmp / "plan.pb", "--roads",
                   tmp / "town.osm", ok=(1,))
        assert b"roads_hash" in done.stderr, done.stderr
        done = run(KERBSIDE, "check", tmp / "problem.pb", tmp / "plan.pb", "--roads",
                   tmp / "town.osm", "--extra", district.parent / "extra.csv")
        assert b"accepted" in done.stdout


def test_a_cache_is_of_one_table_and_keeps_what_became_of_its_rows():
    with Scratch() as tmp:
        grid_town(tmp / "town.osm", rows=4, columns=4)
        (tmp / "a.csv").write_text(HEAD + "set,100002,2,3,,,,,Mill Lane,36,3.2,,\nclose,7,,,,,,,,,,,\n")
        (tmp / "b.csv").write_text(HEAD + "close,100000,1,2,,,,,,,,,\n")

        def make(*more):
            return run(KERBSIDE, "roads", tmp / "town.osm", "-o", tmp / "t.roads", *more)

        first = make("--extra", tmp / "a.csv")
        again = make("--extra", tmp / "a.csv", "--geojson", tmp / "cached.geojson")
        assert b"made again" in first.stderr and b"unchanged" in again.stdout, again
        assert b"field way_id: 7" in first.stderr and b"field way_id: 7" in again.stderr
        lines_of(tmp / "town.osm", tmp / "a.csv", tmp)
        assert (tmp / "cached.geojson").read_bytes() == (tmp / "roads.geojson").read_bytes()
        assert b"stale: made with other corrections" in make("--extra", tmp / "b.csv").stderr
        assert b"stale: made with other corrections" in make().stderr
        done = run(KERBSIDE, "roads", tmp / "t.roads", "--extra", tmp / "b.csv", ok=(1,))
        assert b"made with other corrections, expected a cache" in done.stderr, done.stderr


def test_a_plan_of_other_corrections_is_no_plan_of_these():
    with Scratch() as tmp:
        district = make_district(tmp)
        run(KERBSIDE, "plan", district, "-o", tmp / "plan.pb", "--iterations", 100, "--quiet",
            ok=(0, 5))
        with_extra(district, "close,100004,,,,,,,,,,,\n")
        done = run(KERBSIDE, "check", district, tmp / "plan.pb", ok=(6,))
        assert b"roads" in done.stdout + done.stderr


if __name__ == "__main__":
    main(sys.modules[__name__])
