#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kerbside sheets and map -o x.gpkg on a small town, held against the plan's GeoJSON."""
import csv
import html.parser
import io
import json
import re
import sqlite3
import xml.etree.ElementTree
import zipfile

from test_init import gcj02
from town import KERBSIDE, Scratch, give_breaks, grid_town, main, make_district, run


def planned(tmp, *more):
    district = make_district(tmp)
    run(KERBSIDE, "plan", district, "-o", tmp / "plan.pb", "--iterations", 100, "--quiet",
        "--geojson", tmp / "plan.geojson", *more, ok=(0, 5))
    features = json.loads((tmp / "plan.geojson").read_text())["features"]
    return district, lambda kind: [f for f in features if f["properties"]["is"] == kind]


COLUMNS = ("number arrival start departure latest kind where site side id stream fill kg load water "
           "energy tip tip_time gate lat lon notes way").split()


def table(path):
    """The rows by what their columns are, whatever language the head is in."""
    text = path.read_text(encoding="utf-8")
    assert text.startswith("\ufeff"), path
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert all(len(row) == len(COLUMNS) for row in rows), path
    assert len(set(rows[0])) == len(COLUMNS), rows[0]
    return [dict(zip(COLUMNS, row)) for row in rows[1:]]


class Words(html.parser.HTMLParser):
    """Fails on tags that are not closed in order; keeps the text."""

    def __init__(self, text):
        super().__init__()
        self.open, self.text, self.tags = [], [], set()
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text.append(data)


def test_every_stop_of_every_route_is_on_its_sheet_and_in_its_table():
    with Scratch() as tmp:
        _, of = planned(tmp, "--sheets", tmp / "sheets", "--gpx", tmp / "gpx")
        for route in of("route"):
            shift = route["properties"]["shift"]
            stops = [f for f in of("stop") if f["properties"]["shift"] == shift]
            rows = table(tmp / "sheets" / f"{shift}.csv")
            assert [row["id"] for row in rows] == [f["properties"]["id"] for f in stops]
            assert [row["start"] for row in rows] == [f["properties"]["service"][11:16] for f in stops]
            for row, stop in zip(rows, stops):
                assert abs(float(row["kg"]) - stop["properties"].get("mass_kg", 0)) < 0.06, row
                assert [float(row["lon"]), float(row["lat"])] == stop["geometry"]["coordinates"], row
            page = Words((tmp / "sheets" / f"{shift}.html").read_text())
            assert "script" not in page.tags
            text = "".join(page.text)
            for stop in stops:
                assert stop["properties"]["id"] in text, stop
            track = xml.etree.ElementTree.parse(tmp / "gpx" / f"{shift}.gpx").getroot()
            space = "{http://www.topografix.com/GPX/1/1}"
            assert len(track.findall(f"{space}wpt")) == len(stops)
            places = {tuple(f["geometry"]["coordinates"]) for f in stops}
            assert {(float(p.get("lon")), float(p.get("lat"))) for p in track.findall(f"{space}wpt")} == places


def test_every_break_is_on_the_sheet_after_the_stop_where_it_is_taken():
    with Scratch() as tmp:
        district = make_district(tmp)
        give_breaks(district)
        run(KERBSIDE, "plan", district, "-o", tmp / "plan.pb", "--iterations", 100, "--quiet",
            "--sheets", tmp / "sheets", ok=(0, 5))
        routes = json.loads(run(KERBSIDE, "show", tmp / "plan.pb", "--json").stdout)["routes"]
        assert sum(len(route["breaks"]) for route in routes) > 1, routes
        for route in routes:
            rows = table(tmp / "sheets" / f"{route['shift']}.csv")
            n_before = [len([one for one in rows[:at] if one["kind"] != "BREAK"])
                        for at, row in enumerate(rows) if row["kind"] == "BREAK"]
            assert n_before == [pause["after_stop"] + 1 for pause in route["breaks"]], route["shift"]
            for at, row in enumerate(rows):
                if row["kind"] == "BREAK":
                    assert row["where"] == rows[at - 1]["where"], row
                    start, end = (60 * int(row[key][:2]) + int(row[key][3:]) for key in ("start", "departure"))
                    assert (end - start) % 1440 in (30, 31), row
            page = (tmp / "sheets" / f"{route['shift']}.html").read_text()
            assert page.count("<b>BREAK</b>, 30 min") == len(route["breaks"])


def test_the_ways_told_add_up_to_the_route():
    with Scratch() as tmp:
        _, of = planned(tmp, "--sheets", tmp / "sheets")
        for route in of("route"):
            rows = table(tmp / "sheets" / f"{route['properties']['shift']}.csv")
            told_m = sum(int(length) for row in rows for length in re.findall(r"(\d+) m(?:;|$)", row["way"]))
            swept_km = route["properties"]["length_km"] - route["properties"]["deadhead_km"]
            turns = sum(len(row["way"].split("; ")) for row in rows if row["way"])
            assert abs(told_m / 1000 + swept_km - route["properties"]["length_km"]) < 0.0006 * turns + 0.01


def test_turns_into_roads_without_a_name_are_told_by_the_street_that_meets_there():
    with Scratch() as tmp:
        grid_town(tmp / "named.osm")
        text = (tmp / "named.osm").read_text()
        (tmp / "town.osm").write_text(re.sub(r'<tag k="name" v="Row [^"]*"/>', "", text))
        district = make_district(tmp, extract=tmp / "town.osm")
        run(KERBSIDE, "plan", district, "-o", tmp / "plan.pb", "--iterations", 100, "--quiet",
            "--sheets", tmp / "sheets", ok=(0, 5))
        ways = [row["way"] for path in (tmp / "sheets").glob("*.csv") for row in table(path)]
        turns = [turn for way in ways for turn in way.split("; ") if "unnamed road" in turn]
        turned = [turn for turn in turns if not turn.startswith("start on ")]
        said = [turn for turn in turned
                if re.search(r"\((north|east|south|west)[a-z-]*, (at|near|past|towards) Column \d+\)", turn)]
        assert len(said) > 20 and len(said) > 0.6 * len(turned), (len(said), len(turned), turned[:20])


def test_gate_hours_and_brush_sides_come_from_the_district():
    with Scratch() as tmp:
        district, of = planned(tmp)
        run(KERBSIDE, "sheets", tmp / "plan.pb", "--sheets", tmp / "bare")
        run(KERBSIDE, "sheets", tmp / "plan.pb", district, "--sheets", tmp / "full", "--lang", "zh")
        sweepers = {f["properties"]["shift"] for f in of("sweep")}
        assert sweepers
        for shift in sweepers:
            bare = [row for row in table(tmp / "bare" / f"{shift}.csv") if row["kind"] == "Sweep"]
            full = [row for row in table(tmp / "full" / f"{shift}.csv") if row["kind"] == "清扫"]
            assert bare and len(bare) == len(full)
            assert {row["side"] for row in bare} == {""}
            # Made kerbs lie on the right of a town that drives on the right, and are driven so.
            assert {row["side"] for row in full} == {"右刷"}, {row["side"] for row in full}
            text = (tmp / "full" / f"{shift}.html").read_text()
            downs, ups, stays = (text.count(word) for word in ("放下扫刷", "终点抬起扫刷", "扫刷保持放下"))
            assert downs == ups and downs + stays == len(full), (downs, ups, stays)


def test_visits_by_zone_hold_every_stop_and_all_that_is_taken_up():
    with Scratch() as tmp:
        _, of = planned(tmp, "--zones", tmp / "zones")
        run(KERBSIDE, "sheets", tmp / "plan.pb", "--zones", tmp / "zh", "--lang", "zh")
        text = (tmp / "zones/zones.csv").read_text(encoding="utf-8")
        assert text.startswith("\ufeffzone,") and (tmp / "zh/zones.csv").read_text().startswith("\ufeff区域,")
        rows = list(csv.DictReader(io.StringIO(text[1:])))
        zones = {f["properties"]["id"]: f["properties"]["zone"] for f in of("decision")}
        assert len(set(zones.values())) > 1 and [row["zone"] for row in rows] == sorted(row["zone"] for row in rows)
        served = [f["properties"] for f in of("stop") if f["properties"]["kind"] == "serve"]
        swept = [f["properties"] for f in of("stop") if f["properties"]["kind"] == "sweep"]
        minute = lambda clock: (60 * int(clock[:2]) + int(clock[3:5]) - 12 * 60) % 1440  # no night goes over noon
        for zone in set(zones.values()):
            here = [row for row in rows if row["zone"] == zone]
            stops = [stop for stop in served + swept if zones[stop["id"]] == zone]
            assert abs(sum(float(row["expected kg"]) for row in here) - sum(stop.get("mass_kg", 0) for stop in stops)) < 0.06 * len(here), zone
            assert sum(int(row["containers"] or 0) for row in here) == sum(stop in served for stop in stops), zone
            for stop in stops:
                at = minute(stop["service"][11:16])
                assert any(row["Shift"] == stop["shift"] and minute(row["from"]) <= at <= minute(row["until"]) for row in here), stop
        for row in rows:  # no visit holds a tip of its vehicle
            tips = [minute(f["properties"]["service"][11:16]) for f in of("stop")
                    if f["properties"]["kind"] == "tip" and f["properties"]["shift"] == row["Shift"]]
            assert not any(minute(row["from"]) < tip < minute(row["until"]) for tip in tips), row
        page = Words((tmp / "zones/zones.html").read_text())
        assert "script" not in page.tags and all(zone in "".join(page.text) for zone in zones.values())
        assert "各区域到访时间" in (tmp / "zh/zones.html").read_text()


def test_gcj02_moves_tables_and_tracks_and_wgs84_does_not():
    with Scratch() as tmp:
        _, of = planned(tmp)
        shift = of("route")[0]["properties"]["shift"]
        for system in ("wgs84", "gcj02"):
            run(KERBSIDE, "sheets", tmp / "plan.pb", "--sheets", tmp / system, "--coordinates", system)
        plain, moved = ([(float(row["lat"]), float(row["lon"])) for row in table(tmp / s / f"{shift}.csv")]
                        for s in ("wgs84", "gcj02"))
        shifts_m = [111195 * ((a[0] - b[0]) ** 2 + ((a[1] - b[1]) * 0.89) ** 2) ** 0.5 for a, b in zip(plain, moved)]
        assert all(200 < one < 900 for one in shifts_m), shifts_m[:5]  # Hunan
        run(KERBSIDE, "sheets", tmp / "plan.pb", "--sheets", tmp / "x", "--coordinates", "gcj", ok=(2,))


def test_a_workbook_for_amap_in_chinese_has_every_position_moved_once():
    with Scratch() as tmp:
        planned(tmp)
        places = {}
        for system in ("wgs84", "gcj02"):
            run(KERBSIDE, "map", tmp / "plan.pb", "-o", tmp / f"{system}.geojson", "--coordinates", system)
            found = json.loads((tmp / f"{system}.geojson").read_text())["features"]
            places[system] = [one["geometry"]["coordinates"] for one in found if one["geometry"]]
        n_points = 0
        flat = lambda one: [one] if isinstance(one[0], float) else [point for part in one for point in flat(part)]
        for plain, moved in zip(places["wgs84"], places["gcj02"], strict=True):
            for a, b in zip(flat(plain), flat(moved), strict=True):
                here = gcj02(a[1], a[0])
                assert abs(here[0] - b[1]) < 2e-7 and abs(here[1] - b[0]) < 2e-7, (a, b, here)
                n_points += 1
        assert n_points > 100
        run(KERBSIDE, "map", tmp / "plan.pb", "-o", tmp / "amap.xlsx", "--coordinates", "gcj02", "--lang", "zh")
        with zipfile.ZipFile(tmp / "amap.xlsx") as book:
            words = book.read("xl/sharedStrings.xml").decode()
            sheets = book.read("xl/workbook.xml").decode()
        for word in ("纬度", "经度", "满溢度", "其他垃圾", "必收", "服务时满"):
            assert word in words, word
        for word in ("full at service", ">residual<", ">must<", ">lat<"):
            assert word not in words, word
        assert "决定" in sheets and "地点" in sheets, sheets
        for name in ("a.gpkg", "a.html", "a.svg"):
            done = run(KERBSIDE, "map", tmp / "plan.pb", "-o", tmp / name, "--coordinates", "gcj02", ok=(2,))
            assert b"expected wgs84" in done.stderr and not (tmp / name).exists()


def test_a_geopackage_has_every_leg_stop_decision_and_place():
    with Scratch() as tmp:
        _, of = planned(tmp)
        for name in ("a", "b"):
            run(KERBSIDE, "map", tmp / "plan.pb", "-o", tmp / f"{name}.gpkg")
        assert (tmp / "a.gpkg").read_bytes() == (tmp / "b.gpkg").read_bytes()
        base = sqlite3.connect(tmp / "a.gpkg")
        count = lambda layer: base.execute(f"select count(*) from {layer}").fetchone()[0]
        assert (count("stops"), count("sweeps")) == (len(of("stop")), len(of("sweep")))
        assert (count("decisions"), count("places")) == (len(of("decision")), len(of("place")))
        ids = [row[0] for row in base.execute("select id from stops order by fid")]
        assert ids == [f["properties"]["id"] for f in of("stop")]
        assert base.execute("select count(*) from gpkg_geometry_columns where srs_id = 4326").fetchone()[0] == 5


def test_a_shift_cannot_name_a_file_elsewhere_and_a_folder_that_is_a_file_is_refused():
    with Scratch() as tmp:
        district = make_district(tmp, bins=20, kerb_km=1)
        district.write_text(re.sub(r"id: ([TW]S\d+)", r'id: "../昌 \1"', district.read_text()))
        run(KERBSIDE, "plan", district, "-o", tmp / "plan.pb", "--iterations", 50, "--quiet",
            "--sheets", tmp / "deep", ok=(0, 5))
        names = {path.name for path in (tmp / "deep").iterdir()}
        assert names and all(re.fullmatch(r"_\._昌_[TW]S\d+-\d+\.(html|csv)", name) for name in names), names
        (tmp / "file").write_text("")
        done = run(KERBSIDE, "sheets", tmp / "plan.pb", "--sheets", tmp / "file", ok=(1,))
        assert b"cannot be made" in done.stderr, done.stderr


main(__import__("sys").modules[__name__])
