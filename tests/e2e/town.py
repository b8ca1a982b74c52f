# SPDX-License-Identifier: GPL-3.0-or-later
"""Helpers of the end-to-end tests: a grid town as OSM XML, running the commands, a scratch folder."""
import csv
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(os.environ.get("KERBSIDE_BUILD", "build/release")).resolve()
SOURCE = pathlib.Path(os.environ.get("KERBSIDE_SOURCE", ".")).resolve()
DATA = pathlib.Path(os.environ.get("KERBSIDE_DATA", SOURCE / "../shared/data"))
KERBSIDE = BUILD / "kerbside"
BENCH = BUILD / "kerbside-bench"


def run(*words, ok=(0,), stdin=None):
    """Runs a command; fails the test unless its exit code is one of ok."""
    done = subprocess.run([str(w) for w in words], capture_output=True, input=stdin)
    if ok is not None and done.returncode not in ok:
        print("$", *words)
        print(done.stdout.decode("utf-8", "replace")[-4000:])
        print(done.stderr.decode("utf-8", "replace")[-4000:])
        raise AssertionError(f"exit code {done.returncode}, expected {ok}")
    return done


def grid_town(path, rows=14, columns=14, lat0=26.9, lon0=112.6):
    """Streets 120 m apart; every third one-way; restrictions at some crossings."""
    step = 0.0011
    out = ['<?xml version="1.0"?>', '<osm version="0.6">']
    for row in range(rows):
        for column in range(columns):
            out.append(f'<node id="{1 + row * columns + column}" version="1" '
                       f'lat="{lat0 + row * step:.7f}" lon="{lon0 + column * step:.7f}"/>')
    ways = {}
    for row in range(rows):
        ways[100000 + row] = ([1 + row * columns + c for c in range(columns)],
                              "tertiary" if row % 5 == 0 else "residential", row % 3 == 1, f"Row {row}")
    for column in range(columns):
        ways[200000 + column] = ([1 + r * columns + column for r in range(rows)],
                                 "secondary" if column % 6 == 0 else "residential", False,
                                 f"Column {column}")
    for way, (nodes, kind, oneway, name) in ways.items():
        out.append(f'<way id="{way}" version="1">' + "".join(f'<nd ref="{n}"/>' for n in nodes) +
                   f'<tag k="highway" v="{kind}"/><tag k="name" v="{name}"/>' +
                   ('<tag k="oneway" v="yes"/>' if oneway else "") + "</way>")
    for number in range(6):
        row, column = 2 + number, 3 + number
        out.append(f'<relation id="{300000 + number}" version="1">'
                   f'<member type="way" ref="{100000 + row}" role="from"/>'
                   f'<member type="node" ref="{1 + row * columns + column}" role="via"/>'
                   f'<member type="way" ref="{200000 + column}" role="to"/>'
                   '<tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/></relation>')
    out.append("</osm>")
    pathlib.Path(path).write_text("\n".join(out))


class Scratch:
    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="kerbside-"))
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


def make_district(folder, bins=60, kerb_km=3, seed=1, extract=None, days=14):
    if extract is None:
        extract = folder / "town.osm"
        grid_town(extract)
    run(BENCH, "make-district", extract, "--bins", bins, "--kerb-km", kerb_km, "--days", days,
        "--seed", seed, "-o", folder / "district")
    return folder / "district" / "district.yaml"


def give_breaks(district, minutes=30):
    """Every shift of a made district rests once, at the latest after an hour's work."""
    text = district.read_text()
    wanted = ", breaks: [{duration_min: %d, after_work_h: 1}], pre_trip_min:" % minutes
    assert ", pre_trip_min:" in text
    district.write_text(text.replace(", pre_trip_min:", wanted))


def give_battery(district, battery_kwh, charge_kw=20):
    """The sweepers of a made district run on batteries, charged wherever they may tip."""
    text = district.read_text()
    assert "use: sweeper, " in text and "    bays: 2\n" in text
    text = text.replace("use: sweeper, ", f"use: sweeper, battery_kwh: {battery_kwh}, drive_kwh_per_km: 0.3, "
                        "sweep_kwh_per_km: 1.2, ")
    district.write_text(text.replace("    bays: 2\n", f"    bays: 2\n    charge_kw: {charge_kw}\n"))


def give_skip(district):
    """A skip of building rubble at the first site, due tonight, with a truck that swaps it and a place that takes it."""
    with open(district.parent / "sites.csv", newline="") as file:
        site = next(csv.DictReader(file))
    with open(district.parent / "containers.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    skip = {**rows[0], "container_id": "SKIP1", "site_id": site["site_id"], "stream": "construction", "volume_l": 7000,
            "density_kg_per_l": 1.1, "service_s": 420, "last_emptied": "2020-01-01T00:00:00Z", "max_interval_days": 1,
            "swapped": "yes"}
    with open(district.parent / "containers.csv", "w", newline="") as file:
        out = csv.DictWriter(file, skip.keys())
        out.writeheader()
        out.writerows([*rows, skip])
    text = district.read_text()
    for head, more in (
        ("vehicle_kinds:\n", "  hooklift: {use: truck, height_m: 3.3, width_m: 2.5, length_m: 8.0, mass_kg: 19000, price_used: 210, "
                             "price_per_km: 3.4}\n"),
        ("vehicles:\n", "  - {id: K01, kind: hooklift, compartments: [{streams: [construction], capacity_kg: 10000, capacity_l: 7000}]}\n"),
        ("shifts:\n", "  - {id: KS01, vehicle: K01, crew: KC01, depot: D1, start: \"20:30\", end: \"03:00\", price_per_hour: 64}\n"),
        ("    takes:\n", "      - {stream: construction, fee_per_tonne: 5}\n")):
        assert head in text, head
        text = text.replace(head, head + more, 1)
    district.write_text(text)


def give_hauls(district):
    """Food waste lies at the first transfer station and is hauled to the plant by morning."""
    text = district.read_text()
    for old, new in (
        ("- {stream: food, fee_per_tonne: 140}\n", "- {stream: food, fee_per_tonne: 140, stock_kg: 9000, buffer_kg: 16000, cleared: yes}\n"),
        ("vehicle_kinds:\n", "vehicle_kinds:\n  haul: {use: haul, height_m: 3.6, width_m: 2.5, length_m: 9.5, mass_kg: 26000, price_used: 310, "
                             "price_per_km: 4.4, load_s: 1200}\n"),
        ("vehicles:\n", "vehicles:\n  - {id: H01, kind: haul, compartments: [{streams: [food], capacity_kg: 12000}]}\n"),
        ("shifts:\n", "shifts:\n  - {id: HS01, vehicle: H01, crew: HC01, depot: D1, start: \"20:30\", end: \"06:00\", price_per_hour: 70}\n")):
        assert old in text, old
        text = text.replace(old, new, 1)
    district.write_text(text)


def plan_message():
    """The class of plan messages, made from io/proto as a client makes it."""
    spec = importlib.util.spec_from_file_location("client", SOURCE / "examples/python/plan_client.py")
    client = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(client)
    return client.load_schema()[-1].Plan


def main(module):
    """Runs every test_* function of a module; prints each name and the count."""
    tests = [(n, f) for n, f in sorted(vars(module).items()) if n.startswith("test_") and callable(f)]
    failed = 0
    for name, function in tests:
        try:
            function()
            print("ok  ", name, flush=True)
        except AssertionError as fault:
            failed += 1
            print("FAIL", name, fault, flush=True)
    print(f"{len(tests) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
