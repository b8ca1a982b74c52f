# SPDX-License-Identifier: GPL-3.0-or-later
"""Helpers of the end-to-end tests: a grid town as OSM XML, running the commands, a scratch folder."""
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
