#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kerbside batch: one bad district is isolated, a finished one is not planned again."""
import json
import re
import signal
import subprocess
import sys
import time

from town import KERBSIDE, Scratch, main, make_district, run


def test_a_bad_district_costs_only_itself_and_a_second_run_resumes():
    with Scratch() as tmp:
        good = make_district(tmp)
        (tmp / "bad.yaml").write_text("schema_version: 1\nnonsense: true\n")
        (tmp / "city.yaml").write_text(
            f"schema_version: 1\ndistricts:\n  - {{id: bad, file: bad.yaml}}\n"
            f"  - {{id: good, file: {good}}}\n")
        words = (KERBSIDE, "batch", tmp / "city.yaml", "--out-dir", tmp / "out", "--iterations", 100,
                 "--date", "2026-11-02")
        first = run(*words, ok=(1,)).stdout.decode()
        assert (tmp / "out" / "good.pb").exists() and not (tmp / "out" / "bad.pb").exists(), first
        before = (tmp / "out" / "good.pb").stat().st_mtime_ns
        second = run(*words, ok=(1,)).stdout.decode()
        assert "finished before" in second, second
        assert (tmp / "out" / "good.pb").stat().st_mtime_ns == before


def test_without_a_date_yesterdays_plan_does_not_pass_for_tonights():
    with Scratch() as tmp:
        good = make_district(tmp)
        (tmp / "city.yaml").write_text(
            f"schema_version: 1\ndistricts:\n  - {{id: good, file: {good}}}\n")
        words = (KERBSIDE, "batch", tmp / "city.yaml", "--out-dir", tmp / "out", "--iterations", 20)
        for _ in range(2):
            assert b"finished before" not in run(*words, ok=(0, 5)).stdout


def test_an_unknown_key_of_the_city_is_refused_with_a_guess():
    with Scratch() as tmp:
        (tmp / "city.yaml").write_text(
            "schema_version: 1\ndistricts:\n  - {id: a, flie: a.yaml}\n")
        done = run(KERBSIDE, "batch", tmp / "city.yaml", ok=(1,))
        assert b"flie" in done.stderr and b"did you mean 'file'" in done.stderr, done.stderr


def test_an_id_that_would_leave_the_folder_is_refused():
    with Scratch() as tmp:
        (tmp / "city.yaml").write_text(
            "schema_version: 1\ndistricts:\n  - {id: ../up, file: a.yaml}\n")
        done = run(KERBSIDE, "batch", tmp / "city.yaml", ok=(1,))
        assert b"../up" in done.stderr, done.stderr


def city_of(folder, *districts):
    rows = "".join(f"  - {{id: {name}, file: {path}}}\n" for name, path in districts)
    (folder / "city.yaml").write_text(f"schema_version: 1\ndistricts:\n{rows}")
    return (KERBSIDE, "batch", folder / "city.yaml", "--out-dir", folder / "out", "--iterations", 30,
            "--date", "2026-11-02")


def test_each_district_gets_its_map_and_its_sheets():
    with Scratch() as tmp:
        words = city_of(tmp, ("north", make_district(tmp, bins=12, kerb_km=0.5)))
        told = run(*words, "--map", "--sheets", "--lang", "zh", "--coordinates", "gcj02", ok=(0, 5)).stdout.decode()
        out = tmp / "out"
        assert f"地图 {out}/north.html" in told and f"作业单在 {out}/north" in told, told
        routes = json.loads(run(KERBSIDE, "show", out / "north.pb", "--json").stdout)["routes"]
        names = {path.name for path in (out / "north").iterdir()}
        wanted = {f"{route['shift']}.{form}" for route in routes for form in ("html", "csv", "gpx")}
        assert routes and names == wanted | {"zones.html", "zones.csv"}, (names, wanted)
        run(KERBSIDE, "sheets", out / "north.pb", tmp / "district/district.yaml", "--date", "2026-11-02",
            "--sheets", tmp / "again", "--zones", tmp / "again", "--lang", "zh", "--coordinates", "gcj02")
        for path in (tmp / "again").iterdir():  # the very files kerbside sheets writes
            assert path.read_bytes() == (out / "north" / path.name).read_bytes(), path
        run(KERBSIDE, "map", out / "north.pb", "--roads", tmp / "town.osm", "--lang", "zh", "-o", tmp / "map.html")
        assert (tmp / "map.html").read_bytes() == (out / "north.html").read_bytes()


def test_a_second_run_makes_the_map_that_the_first_was_not_asked_for():
    with Scratch() as tmp:
        words = city_of(tmp, ("north", make_district(tmp, bins=12, kerb_km=0.5)))
        run(*words, ok=(0, 5))
        assert not (tmp / "out/north.html").exists() and not (tmp / "out/north").exists()
        told = run(*words, "--map", ok=(0, 5)).stdout
        assert b"finished before" not in told and (tmp / "out/north.html").exists(), told
        assert b"finished before" in run(*words, "--map", ok=(0, 5)).stdout


def links(page):
    return re.findall(r'href="([^"]+)"', page)


def test_the_nights_page_says_what_came_of_each_district_and_leads_to_its_files():
    with Scratch() as tmp:
        district = make_district(tmp, bins=12, kerb_km=0.5)
        text = district.read_text()
        named = re.sub(r"^district: .*", 'district: {id: d1, name: "North <b>&"}', text, flags=re.M)
        assert named != text
        (district.parent / "named.yaml").write_text(named)
        (tmp / "bad.yaml").write_text("schema_version: 1\nnonsense: true\n")
        words = city_of(tmp, ("north", district.parent / "named.yaml"), ("bad", "bad.yaml"), ("south", district))
        told = run(*words, "--map", "--sheets", ok=(1,)).stdout.decode()
        assert f"written   {tmp}/out/index.html" in told, told
        page = (tmp / "out/index.html").read_text()
        assert "<h1>Night of 2026-11-02</h1>" in page and "North &lt;b>&amp;" in page and "<script" not in page
        for link in links(page):
            assert (tmp / "out" / link).is_file(), link
        assert {"north.html", "south.html", "north.log", "bad.log", "north/zones.html"} <= set(links(page))
        rows = re.findall(r"<tr>.*?</tr>", page.split("<tbody>")[1])
        assert len(rows) == 3 and "not planned" in rows[1] and "nonsense" in rows[1] and "bad.html" not in rows[1], rows
        for row, name in ((rows[0], "north"), (rows[2], "south")):
            shown = json.loads(run(KERBSIDE, "show", tmp / f"out/{name}.pb", "--json").stdout)
            assert f"<td>{len(shown['routes'])}</td>" in row, row
            for route in shown["routes"]:
                assert f'href="{name}/{route["shift"]}.html"' in row, row
        undated = [word for word in words if word not in ("--date", "2026-11-02")]
        run(*undated, ok=(1,))  # the district's own date
        day = json.loads(run(KERBSIDE, "show", tmp / "out/north.pb", "--json").stdout)["service_day"]
        assert f"<h1>Night of {day}</h1>" in (tmp / "out/index.html").read_text()
        run(*words, "--map", "--sheets", ok=(1,))
        run(*words, "--map", "--lang", "zh", ok=(1,))  # done before: the page says the same, in Chinese
        again = (tmp / "out/index.html").read_text()
        assert "未计划" in again and set(links(again)) == set(links(page)), again


def test_a_batch_that_is_stopped_says_on_its_page_what_it_has_not_begun():
    with Scratch() as tmp:
        district = make_district(tmp, bins=12, kerb_km=0.5)
        words = [word for word in city_of(tmp, ("north", district), ("south", district)) if word not in ("--iterations", 30)]
        batch = subprocess.Popen([*map(str, words), "--time", "120s", "--map"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(1200):  # until the search has begun
            if "search" in (tmp / "out/north.log").read_text() if (tmp / "out/north.log").exists() else False:
                break
            time.sleep(0.05)
        batch.send_signal(signal.SIGTERM)
        assert batch.wait(60) in (4, 5), batch.returncode
        north, south = re.findall(r"<tr>.*?</tr>", (tmp / "out/index.html").read_text().split("<tbody>")[1])
        assert "not begun" in south and "href" not in south, south
        assert 'href="north.html"' in north and (tmp / "out/north.html").is_file(), north


def test_a_district_called_index_is_refused():
    with Scratch() as tmp:
        done = run(*city_of(tmp, ("index", "a.yaml")), ok=(1,))
        assert b"'index' is the name of the night's page" in done.stderr, done.stderr


def test_sheets_that_cannot_be_written_cost_neither_plan_nor_map_nor_another_district():
    with Scratch() as tmp:
        district = make_district(tmp, bins=12, kerb_km=0.5)
        words = city_of(tmp, ("north", district), ("south", district))
        (tmp / "out").mkdir()
        (tmp / "out/north").write_text("a file where the folder belongs")
        done = run(*words, "--map", "--sheets", ok=(5,))
        north, south, _ = done.stdout.decode().splitlines()
        assert "exit 5" in north and "map " in north and "sheets" not in north, north
        assert "sheets in" in south, south
        for name in ("north.pb", "north.html", "south.pb", "south.html", "south/zones.html"):
            assert (tmp / "out" / name).is_file(), name
        log = (tmp / "out/north.log").read_text()
        assert "out/north: the folder cannot be made" in log and "written   sheets" not in log, log


if __name__ == "__main__":
    main(sys.modules[__name__])
