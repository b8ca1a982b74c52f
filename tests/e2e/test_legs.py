#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kerbside-bench legs: every line adds up and obeys the town."""
import json
import math
import sys

from town import BENCH, Scratch, grid_town, main, run

COLUMNS = 14


def legs(town, *words):
    lines = run(BENCH, "legs", town, *words).stdout.decode().splitlines()
    return [json.loads(line) for line in lines]


def metres(a, b):
    north = (b[0] - a[0]) * 111195.08
    east = (b[1] - a[1]) * 111195.08 * math.cos(math.radians(a[0]))
    return math.hypot(north, east), math.degrees(math.atan2(east, north)) % 360


def test_runs_and_shape_add_up_to_the_leg():
    with Scratch() as tmp:
        grid_town(tmp / "town.osm")
        truck, *drawn = legs(tmp / "town.osm", "--legs", 200, "--seed", 5)
        assert truck["mass_kg"] > 0 and truck["height_mm"] > 0
        assert [leg["leg"] for leg in drawn] == list(range(200))
        for leg in drawn:
            runs, shape = leg["runs"], leg["shape"]
            assert sum(r["length_mm"] for r in runs) == leg["length_mm"]
            assert sum(r["drive_ms"] + r["turn_ms"] for r in runs) == leg["time_ms"]
            assert runs[0]["way"] == leg["from"]["way"] and runs[-1]["way"] == leg["to"]["way"]
            assert [leg["from"]["lat"], leg["from"]["lon"]] == shape[0]
            assert [leg["to"]["lat"], leg["to"]["lon"]] == shape[-1]
            steps = [metres(a, b) for a, b in zip(shape, shape[1:])]
            assert abs(sum(step[0] for step in steps) * 1000 - leg["length_mm"]) < 200 + len(shape)
            for end, (length, heading) in ((leg["from"], steps[0]), (leg["to"], steps[-1])):
                if length > 1:
                    assert abs((end["heading"] - heading + 180) % 360 - 180) < 2, leg
            for before, after in zip(runs, runs[1:]):
                assert before["to_node"] == after["from_node"]


def test_one_way_streets_and_forbidden_turns_are_obeyed():
    with Scratch() as tmp:
        grid_town(tmp / "town.osm")
        one_way, turns = 0, 0
        for leg in legs(tmp / "town.osm", "--legs", 300)[1:]:
            for step in leg["runs"]:
                row = step["way"] - 100000
                if 0 <= row < COLUMNS and row % 3 == 1:
                    assert step["from_node"] < step["to_node"], leg
                    one_way += 1
            for before, after in zip(leg["runs"], leg["runs"][1:]):
                number = before["way"] - 100002
                barred = 0 <= number < 6 and after["way"] == 200003 + number
                assert not barred or before["to_node"] != 1 + (2 + number) * COLUMNS + 3 + number
                turns += 1
        assert one_way > 50 and turns > 300


def test_a_seed_is_repeated_to_the_byte():
    with Scratch() as tmp:
        grid_town(tmp / "town.osm", rows=5, columns=5)
        words = (BENCH, "legs", tmp / "town.osm", "--legs", 20, "--seed")
        assert run(*words, 1).stdout == run(*words, 1).stdout != run(*words, 2).stdout


def test_ends_anywhere_tell_what_is_cut_off_and_closed():
    with Scratch() as tmp:
        grid_town(tmp / "town.osm", rows=3, columns=3)
        text = (tmp / "town.osm").read_text()
        nodes = "".join(f'<node id="{9000 + n}" version="1" lat="{26.95 + n / 1000}" lon="112.65"/>'
                        for n in range(4))
        ways = "".join(f'<way id="{9100 + n}" version="1"><nd ref="{9000 + n}"/>'
                       f'<nd ref="{9001 + n}"/><tag k="highway" v="residential"/>{tag}</way>'
                       for n, tag in ((0, ""), (2, '<tag k="access" v="no"/>')))
        text = text.replace('<way id="100000"', nodes + '<way id="100000"', 1)
        (tmp / "town.osm").write_text(text.replace("</osm>", ways + "</osm>"))
        main_only = legs(tmp / "town.osm", "--legs", 60)[1:]
        assert all(leg["time_ms"] is not None for leg in main_only)
        seen = set()
        for leg in legs(tmp / "town.osm", "--legs", 200, "--ends", "any")[1:]:
            ends = (leg["from"]["state"], leg["to"]["state"])
            seen.update(ends)
            for end in (leg["from"], leg["to"]):
                assert end["state"] == {9100: "cut", 9102: "closed"}.get(end["way"], "main"), leg
                assert end.get("why") == ("access" if end["way"] == 9102 else None)
            if ends == ("main", "main"):
                assert leg["time_ms"] is not None
            elif "main" in ends or "closed" in ends:
                assert leg["time_ms"] is None and leg["runs"] == [] and leg["shape"] == []
        assert seen == {"main", "cut", "closed"}


def along(tmp, steps):
    """steps: (leg, way, from, to) with (lat, lon) ends."""
    lines = ["leg,way,from_lat,from_lon,to_lat,to_lon"]
    lines += [f"{leg},{way},{a[0]:.7f},{a[1]:.7f},{b[0]:.7f},{b[1]:.7f}" for leg, way, a, b in steps]
    (tmp / "drives.csv").write_text("\n".join(lines) + "\n")
    out = run(BENCH, "legs", tmp / "town.osm", "--along", tmp / "drives.csv").stdout.decode()
    return [json.loads(line) for line in out.splitlines()]


def corner(row, column):
    return (26.9 + row * 0.0011, 112.6 + column * 0.0011)


def street(a, b):
    if abs(a[0] - b[0]) < 1e-6:
        return 100000 + round((a[0] - 26.9) / 0.0011)
    return 200000 + round((a[1] - 112.6) / 0.0011)


def test_our_own_legs_driven_again_take_as_long_and_stop_at_nothing():
    with Scratch() as tmp:
        grid_town(tmp / "town.osm")
        drawn = legs(tmp / "town.osm", "--legs", 100)[1:]
        again = along(tmp, [(leg["leg"], street(a, b), a, b) for leg in drawn
                            for a, b in zip(leg["shape"], leg["shape"][1:]) if a != b])
        assert [leg["leg"] for leg in again] == list(range(100))
        for leg, judged in zip(drawn, again):
            assert judged["stops"] == [], (leg, judged)
            for name in ("drive_ms", "turn_ms"):
                assert abs(judged[name] - sum(r[name] for r in leg["runs"])) < 500, (leg, judged)
            assert abs(judged["length_mm"] - leg["length_mm"]) < 3000


def test_what_may_not_be_driven_is_named():
    with Scratch() as tmp:
        grid_town(tmp / "town.osm")
        wrong_way = [(1, 100001, corner(1, 5), corner(1, 4))]
        barred = [(2, 100002, corner(2, 2), corner(2, 3)), (2, 200003, corner(2, 3), corner(3, 3))]
        round_again = [(3, 100002, corner(2, 6), corner(2, 7)), (3, 100002, corner(2, 7), corner(2, 6))]
        off_road = [(4, 77, corner(2, 6), corner(2, 7))]
        judged = along(tmp, wrong_way + barred + round_again + off_road)
        assert [[stop["why"] for stop in drive["stops"]] for drive in judged] == [
            ["one way"], ["restriction"], ["u-turn"], ["not a road"]], judged


def test_an_extract_without_roads_is_refused():
    with Scratch() as tmp:
        (tmp / "none.osm").write_text('<osm version="0.6"><node id="1" lat="1" lon="1"/></osm>')
        run(BENCH, "legs", tmp / "none.osm", ok=(1,))
        assert b"usage" in run(BENCH, "legs", ok=(2,)).stderr


if __name__ == "__main__":
    main(sys.modules[__name__])
