#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input: exit 1, one clear message, no partial output; bad rows: quarantined, and the plan goes
on with exit 5."""
import gzip
import re
import sys

from town import KERBSIDE, Scratch, grid_town, main, make_district, run


def refused(district, *words):
    """The plan must fail with exit 1, name every word, and write nothing."""
    out = district.parent / "plan.pb"
    done = run(KERBSIDE, "plan", district, "-o", out, "--iterations", 50, "--quiet", ok=None)
    message = done.stderr.decode()
    assert done.returncode == 1, (done.returncode, message)
    assert len(message.strip().splitlines()) == 1, message
    for word in words:
        assert word in message, (word, message)
    assert not out.exists()


def edited(edit, *words, file="district.yaml"):
    with Scratch() as tmp:
        district = make_district(tmp)
        path = district.parent / file
        before = path.read_text()
        after = edit(before)
        assert before != after, "the edit changed nothing"
        path.write_text(after)
        refused(district, *words)


def extract_made(write, *words):
    with Scratch() as tmp:
        district = make_district(tmp)
        write(tmp / "town.osm")
        refused(district, *words)


def test_a_missing_extract_is_refused():
    extract_made(lambda path: path.unlink(), "town.osm")


def test_an_empty_extract_is_refused():
    extract_made(lambda path: path.write_text(""), "town.osm")


def test_xml_cut_off_is_refused():
    extract_made(lambda path: path.write_text(path.read_text()[:-2000]), "town.osm")


def test_a_roadless_extract_is_refused():
    extract_made(lambda path: path.write_text('<osm version="0.6"><node id="1" version="1" lat="1" '
                                              'lon="1"/></osm>'), "town.osm")


def test_latitude_91_is_refused():
    extract_made(lambda path: path.write_text(re.sub(r'lat="26\.9\d*"', 'lat="91"', path.read_text(),
                                                     count=1)), "91")


def test_a_corrupt_gzip_is_refused():
    with Scratch() as tmp:
        district = make_district(tmp)
        packed = bytearray(gzip.compress((tmp / "town.osm").read_bytes()))
        packed[len(packed) // 2] ^= 0xFF
        (tmp / "town.osm.gz").write_bytes(packed)
        district.write_text(district.read_text().replace("town.osm", "town.osm.gz"))
        refused(district, "town.osm.gz")


def test_an_unknown_key_is_refused_with_a_guess():
    edited(lambda text: text.replace("time_zone:", "time_zon:"), "time_zon", "time_zone")


def test_coordinates_are_mandatory():
    edited(lambda text: text.replace("coordinates: wgs84\n", ""), "coordinates")


def test_a_stream_that_no_facility_takes_is_refused():
    edited(lambda text: re.sub(r"      - \{stream: hazardous.*\n", "", text), "hazardous")


def test_a_vehicle_without_capacity_is_refused():
    edited(lambda text: text.replace("capacity_kg: 8000", "capacity_kg: 0", 1), "capacity_kg", "line")


def test_a_missing_column_is_refused_and_named():
    edited(lambda text: text.replace("fill_ratio", "filling", 1), "reports.csv", "fill_ratio",
           file="reports.csv")


def test_too_many_bad_rows_are_refused():
    edited(lambda text: re.sub(r",0\.\d\d,", ",7.5,", text), "reports.csv", file="reports.csv")


def test_a_depot_far_from_any_road_is_refused():
    edited(lambda text: re.sub(r"(id: D1, name: \"Depot 1\", lat: )[\d.]+", r"\g<1>12.5", text), "D1")


def test_data_that_fits_another_coordinate_system_far_better_is_refused():
    """Declared GCJ-02, but the points are WGS84: read as declared they lie hundreds of metres off."""
    edited(lambda text: text.replace("coordinates: wgs84", "coordinates: gcj02"), "wgs84")


def test_bad_rows_are_quarantined_and_named_and_the_plan_goes_on():
    with Scratch() as tmp:
        district = make_district(tmp)
        path = district.parent / "reports.csv"
        lines = path.read_text().splitlines()
        lines[5] = re.sub(r",0\.\d\d,", ",1.7,", lines[5])
        lines[7] = "NOBIN" + lines[7][5:]
        lines[9] = re.sub(r"\d{4}-\d\d-\d\d", "2031-01-01", lines[9])
        path.write_text("\n".join(lines) + "\n")
        out = tmp / "plan.pb"
        run(KERBSIDE, "plan", district, "-o", out, "--iterations", 100, "--quiet", ok=(5,))
        text = run(KERBSIDE, "show", out).stdout.decode()
        assert "1.7" in text or "rejected" in text or "quarantined" in text, text
        run(KERBSIDE, "check", district, out)
        run(KERBSIDE, "plan", district, "-o", tmp / "x.pb", "--strict", "--iterations", 100, ok=(1,))


def test_an_unknown_option_is_a_usage_error():
    with Scratch() as tmp:
        grid_town(tmp / "town.osm")
        assert run(KERBSIDE, "plan", "--tme", "3s", ok=(2,)).stdout == b""
        run(KERBSIDE, ok=(2,))
        run(KERBSIDE, "plan", ok=(2,))


if __name__ == "__main__":
    main(sys.modules[__name__])
