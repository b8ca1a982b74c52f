#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The map page of 10,000 stops: a small night many times side by side. It is no larger than 15 MB, it
draws, the slider moves every vehicle, the search finds, and it says what time all that took. With the
name of a file the figures are written to it (./dev map-figures: bench/results/map.csv)."""
import csv
import pathlib
import statistics
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))
import chromium
from town import KERBSIDE, make_district, plan_message, run

N_STOPS, N_FRAMES = 10000, 40
SERVE, SWEEP = 2, 3


def moved(route_or_decision, copy, east_e7):
    """The same a little further east, under other names."""
    one = type(route_or_decision)()
    one.CopyFrom(route_or_decision)
    if hasattr(one, "stops"):
        one.shift += f"-{copy}"
        one.vehicle += f"-{copy}"
    for stop in getattr(one, "stops", [one]):
        stop.lon_e7 += east_e7
        if not hasattr(stop, "kind") or stop.kind in (SERVE, SWEEP):
            stop.id += f"-{copy}"
        for leg in [stop.leg, stop.sweep] if hasattr(stop, "leg") else []:
            if leg.points_delta_e7:
                leg.points_delta_e7[1] += east_e7
    return one


def enlarge(plan_class, source, target):
    small = plan_class.FromString(source.read_bytes())
    large = plan_class()
    large.CopyFrom(small)
    n_small = n = sum(stop.kind in (SERVE, SWEEP) for route in small.routes for stop in route.stops)
    copy = 0
    while n < N_STOPS:
        copy += 1
        n += n_small
        large.routes.extend(moved(route, copy, copy * 30000) for route in small.routes)
        large.decisions.extend(moved(one, copy, copy * 30000) for one in small.decisions)
    target.write_bytes(large.SerializeToString())
    return n, len(large.routes)


# From one minute of the night to the next, each painted before the next is asked for.
FRAMES = """const [n, done] = arguments, out = []; let last = 0;
  const step = (now) => {
    if (last) out.push(now - last);
    last = now;
    if (out.length === n) { done(out); return; }
    kerbside.replay.set(kerbside.replay.now_ms + 60000);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);"""
PAINT = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def measure_drawing(browser, page, figures):
    before_s = browser.cpu_s()
    browser.open(page)
    figures["first picture, s"] = browser.wait(PAINT) / 1000
    figures["first picture, CPU s"] = browser.cpu_s() - before_s
    figures["lists, s"] = int(browser.wait("return document.documentElement.dataset.listsMs", 300)) / 1000
    browser.wait("return document.documentElement.dataset.drawnMs", 300)
    figures["all drawn, CPU s"] = browser.cpu_s() - before_s


def measure_slider(browser, figures, n_routes):
    browser.run("kerbside.replay.set(kerbside.ROUTES[0].start_ms + 3600000)")
    assert browser.run("return kerbside.picture.shown.length") == n_routes
    before_s = browser.cpu_s()
    moved_to = browser.run("""const out = new Set();
      for (let step = 0; step < 50; step++) { kerbside.replay.set(kerbside.replay.now_ms + 60000);
        out.add(JSON.stringify(kerbside.whereIs(kerbside.ROUTES[0], kerbside.replay.now_ms).at)); }
      return out.size""")
    assert moved_to > 10, moved_to
    figures["50 steps of the slider, CPU s"] = browser.cpu_s() - before_s
    browser.settle()
    before_s = browser.cpu_s()
    frames_ms = browser.run_later(FRAMES, N_FRAMES)
    figures["frame while the slider moves, median, ms"] = statistics.median(frames_ms)
    figures["frame while the slider moves, slowest, ms"] = max(frames_ms)
    figures["frame while the slider moves, CPU ms"] = 1000 * (browser.cpu_s() - before_s) / len(frames_ms)
    # Whatever else the machine does: a frame that draws the whole map again takes twice that.
    assert figures["frame while the slider moves, CPU ms"] < 400, figures


def measure_empty(folder, figures):
    """What the machine needs for a page of one word, to judge the others by."""
    page = folder / "empty.html"
    page.write_text("<!doctype html><title>empty</title>word")
    with chromium.Browser() as browser:
        before_s = browser.cpu_s()
        browser.open(page)
        figures["first picture of an empty page, s"] = browser.wait(PAINT) / 1000
        figures["first picture of an empty page, CPU s"] = browser.cpu_s() - before_s


def report(figures, path):
    for what, value in figures.items():
        print(f"{what:45} {value:10.3f}")
    if path:
        with open(path, "w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(("what", "value"))
            rows.writerows((what, f"{value:.3f}") for what, value in figures.items())


def main():
    with tempfile.TemporaryDirectory(prefix="kerbside-map-") as scratch:
        folder = pathlib.Path(scratch)
        district = make_district(folder, bins=300, kerb_km=12)
        run(KERBSIDE, "plan", district, "-o", folder / "plan.pb", "--iterations", 50, "--quiet", ok=(0, 5))
        n_stops, n_routes = enlarge(plan_message(), folder / "plan.pb", folder / "large.pb")
        page = folder / "map.html"
        run(KERBSIDE, "map", folder / "large.pb", "--roads", folder / "town.osm", "-o", page)
        figures = {"stops": n_stops, "vehicles": n_routes, "page, MB": page.stat().st_size / 1e6}
        assert figures["page, MB"] <= 15, figures
        measure_empty(folder, figures)
        with chromium.Browser() as browser:
            measure_drawing(browser, page, figures)
            measure_slider(browser, figures, n_routes)
            browser.run("document.getElementById('search').value = kerbside.DECISIONS.at(-1).id;"
                        "document.getElementById('search').dispatchEvent(new Event('input'))")
            assert browser.run("return document.querySelectorAll('#results button').length") == 1
            assert browser.complaints() == []
            assert browser.requests() == [page.as_uri()]
        report(figures, sys.argv[1] if len(sys.argv) > 1 else None)


if not (chromium.CHROMIUM and chromium.DRIVER):
    print("skipped: chromium or chromium-driver is absent (./dev test installs them)")
    sys.exit(77)
main()
