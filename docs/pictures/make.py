#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""make.py DEMO_FOLDER [NAME ...] - the pictures of README and docs/method.md, made by the code of this
tree from the demo's night (./dev demo writes it). ./dev pictures calls it. Names: map, sheet, routes,
kerbs, search, forecast; default: all. Photographs need Chromium (chromium, chromium-driver)."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

DOCS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(DOCS.parent / "tests/browser"), str(pathlib.Path(__file__).parent)]
import chromium  # noqa: E402
import drawing  # noqa: E402

BUILD = pathlib.Path(os.environ.get("KERBSIDE_BUILD", "build/release")).resolve()
DISTRICT = DOCS.parent / "examples/district"
CLOSE_UP_M = 420
SEARCH_S, BOUND_S = 30, 60  # of the processor


def run(*words):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True).stdout


class Night:
    """The demo's plan, its features and the streets, each read once it is wanted."""

    def __init__(self, folder):
        self.folder, self.plan = folder, folder / "plan.pb"
        self.features = json.loads((folder / "plan.geojson").read_text())["features"]

    def streets(self):
        path = self.folder / "streets.geojson"
        if not path.exists():
            run(BUILD / "kerbside", "roads", DISTRICT / "map.osm.gz", "--geojson", path)
        return json.loads(path.read_text())["features"]


def make_map(night, target):
    with chromium.Browser("1280,820") as page:
        page.open((night.folder / "map.html").resolve())
        page.frame(1280, 720)
        page.wait("return document.documentElement.dataset.drawnMs")
        # The middle of the night: half of the time between the first start and the last end.
        page.run("""const first = Math.min(...kerbside.ROUTES.map((one) => one.start_ms)),
          last = Math.max(...kerbside.ROUTES.map((one) => one.end_ms));
          kerbside.replay.set((first + last) / 2); kerbside.replay.say();""")
        page.settle()
        page.photograph(target)


def make_sheet(night, target):
    with tempfile.TemporaryDirectory(prefix="kerbside-sheet-") as folder:
        run(BUILD / "kerbside", "sheets", night.plan, DISTRICT / "district.yaml", "--sheets", folder)
        sheet = next(one for one in sorted(pathlib.Path(folder).glob("*.html")) if one.stem.startswith("TS"))
        with chromium.Browser("900,960") as page:
            page.open(sheet)
            page.frame(900, 860)
            page.run("document.body.style.margin = '16px'")
            page.photograph(target)


def make_routes(night, target):
    drawing.draw_routes(target, night.features, night.streets())


def make_kerbs(night, target):
    drawing.draw_kerbs(target, night.features, night.streets(), CLOSE_UP_M)


def make_search(night, target):
    trace = night.folder / "trace.csv"
    if not trace.exists():
        run(BUILD / "kerbside-bench", "solve", DISTRICT / "district.yaml", "--time", SEARCH_S,
            "--bound-time", BOUND_S, "--trace", trace, "-o", night.folder / "solution.csv")
    drawing.draw_search(target, trace)


def make_forecast(night, target):
    sensors = json.loads(run(BUILD / "kerbside", "reports", DISTRICT / "district.yaml", "--json"))
    text = (DISTRICT / "district.yaml").read_text()
    drawing.draw_forecast(target, sensors, DISTRICT / "reports.csv", drawing.clock_of(text))


PICTURES = {"map": (make_map, DOCS / "map.jpg"), "sheet": (make_sheet, DOCS / "sheet.jpg"),
            **{name: (make, DOCS / "pictures" / f"{name}.svg") for name, make in (
                ("routes", make_routes), ("kerbs", make_kerbs), ("search", make_search), ("forecast", make_forecast))}}
PHOTOGRAPHS = {"map", "sheet"}


def main():
    night = Night(pathlib.Path(sys.argv[1]))
    for name in sys.argv[2:] or PICTURES:
        make, target = PICTURES[name]
        if name in PHOTOGRAPHS and not (chromium.CHROMIUM and chromium.DRIVER):
            print(f"{target}: left as it is, chromium or chromium-driver is absent")
            continue
        make(night, target)
        print(f"{target.relative_to(DOCS.parent)}: {target.stat().st_size / 1000:.0f} kB")


main()
