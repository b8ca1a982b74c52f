#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A district to start from: columns and coordinates guessed, and a first plan of it."""
import csv
import math
import sys

from town import KERBSIDE, Scratch, grid_town, main, run

LAT, LON, STEP = 26.9, 112.6, 0.0011  # of the grid town


def gcj02(lat, lon):
    """WGS84 to GCJ-02 by the published formula."""
    def wave(x, y, a, b):
        return (20 * math.sin(6 * a * math.pi) + 20 * math.sin(2 * a * math.pi)) * 2 / 3 + b
    x, y = lon - 105, lat - 35
    d_lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + wave(
        x, y, x, (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3 +
        (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3)
    d_lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + wave(
        x, y, x, (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3 +
        (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3)
    radians, eccentricity = lat / 180 * math.pi, 0.00669342162296594323
    magic = 1 - eccentricity * math.sin(radians) ** 2
    return (lat + d_lat * 180 / (6378245 * (1 - eccentricity) / (magic * math.sqrt(magic)) * math.pi),
            lon + d_lon * 180 / (6378245 / math.sqrt(magic) * math.cos(radians) * math.pi))


def bins(n=40):
    """Beside the streets of the grid town, two at each place."""
    for at in range(n):
        place = at // 2
        yield at, LAT + (place % 7 + 0.5) * STEP, LON + (place % 9) * STEP + 0.00003


def write(path, head, rows):
    with open(path, "w", encoding="utf-8", newline="") as to:
        csv.writer(to).writerows([head, *rows])


def init(tmp, *words, ok=(0,)):
    return run(KERBSIDE, "init", tmp / "town.osm", *words, "--out-dir", tmp / "new", "--date",
               "2026-11-24", ok=ok).stdout.decode()


def test_a_table_in_chinese_becomes_a_district_that_can_be_planned():
    with Scratch() as tmp:
        grid_town(tmp / "town.osm")
        streams = ["厨余垃圾", "可回收物", "其他垃圾", "有害垃圾"]
        write(tmp / "bins.csv", ["编号", "经度", "纬度", "垃圾类型", "容积"],
              [[f"00{at}", *reversed([f"{d:.7f}" for d in gcj02(lat, lon)]), streams[at % 4], 240]
               for at, lat, lon in bins()])
        said = init(tmp, tmp / "bins.csv")
        assert "coordinates: gcj02" in said and "column 垃圾类型 is the stream" in said, said
        assert "40 bins; 0 rows" in said and ": 20 sites" in said, said
        rows = list(csv.DictReader(open(tmp / "new" / "containers.csv", encoding="utf-8")))
        assert {row["container_id"] for row in rows} == {f"00{at}" for at in range(40)}
        assert {row["stream"] for row in rows} == {"food", "recyclable", "residual", "hazardous"}
        text = (tmp / "new" / "district.yaml").read_text()
        assert "coordinates: gcj02" in text and "Asia/Shanghai" in text and "CHANGE" in text
        run(KERBSIDE, "validate", tmp / "new" / "district.yaml")
        run(KERBSIDE, "plan", tmp / "new" / "district.yaml", "--iterations", 50, "-o",
            tmp / "plan.pb", "--quiet", ok=(0, 5))
        run(KERBSIDE, "check", tmp / "new" / "district.yaml", tmp / "plan.pb")
        assert (tmp / "plan.pb").stat().st_size > 500


def test_the_comments_are_chinese_where_that_is_asked_for():
    with Scratch() as tmp:
        grid_town(tmp / "town.osm")
        init(tmp, "--lang", "zh")
        text = (tmp / "new" / "district.yaml").read_text()
        (tmp / "new" / "district.yaml").rename(tmp / "chinese.yaml")
        (tmp / "new").rmdir()
        init(tmp)
        english = (tmp / "new" / "district.yaml").read_text()
        assert "shifts.start" not in text and "#   shifts[].start（必填）: 最早出车" in text, text
        assert "# CHANGE: 班次的起点与终点" in text and text.count("CHANGE") == english.count("CHANGE")

        def without_comments(of):
            return [line.split(" #")[0] for line in of.splitlines() if not line.startswith("#")]
        assert without_comments(text) == without_comments(english)
        comments = [line.split("#", 1)[1] for line in text.splitlines() if "#" in line]
        plain = [line for line in comments if line.strip() != "CHANGE" and not any("\u3000" < letter for letter in line)]
        assert plain == [], plain
        run(KERBSIDE, "validate", tmp / "chinese.yaml")


def test_swapped_coordinates_and_bad_rows_are_told():
    with Scratch() as tmp:
        grid_town(tmp / "town.osm")
        rows = [[f"B{at}", f"{lon:.7f}", f"{lat:.7f}", "glass"] for at, lat, lon in bins()]
        write(tmp / "bins.csv", ["Bin ID", "lat", "lon", "type"],
              rows + [["", "1", "2", "glass"], ["B99", "somewhere", "2", "?"]])
        said = init(tmp, tmp / "bins.csv")
        assert "coordinates: wgs84, swapped" in said and "40 bins; 2 rows" in said, said
        sites = list(csv.DictReader(open(tmp / "new" / "sites.csv", encoding="utf-8")))
        assert all(26 < float(row["lat"]) < 28 for row in sites)


def test_what_cannot_be_guessed_stops_and_nothing_is_overwritten():
    with Scratch() as tmp:
        grid_town(tmp / "town.osm", rows=3, columns=3)
        write(tmp / "bins.csv", ["id", "how high"], [["B1", "7"]])
        done = run(KERBSIDE, "init", tmp / "town.osm", tmp / "bins.csv", "--out-dir", tmp / "new",
                   ok=(1,))
        assert "no column for latitude and longitude among: id, how high" in done.stderr.decode()
        assert not (tmp / "new").exists()
        init(tmp)
        before = (tmp / "new" / "district.yaml").read_bytes()
        assert b"coordinates: wgs84" in before
        done = run(KERBSIDE, "init", tmp / "town.osm", "--out-dir", tmp / "new", ok=(1,))
        assert "is there already" in done.stderr.decode()
        assert (tmp / "new" / "district.yaml").read_bytes() == before


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
