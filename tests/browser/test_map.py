#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The map page in a headless Chromium: it draws, it replays, it filters, it finds, it speaks two
languages, it asks no network for anything, and no name in a plan becomes script."""
import csv
import json
import pathlib
import re
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))
import chromium
from town import KERBSIDE, give_battery, give_breaks, give_hauls, give_skip, make_district, plan_message, run

HOSTILE = "</script><script>window.hacked=1</script><img src=x onerror='window.hacked=1'>"
HOME, END, TAB = "\ue011", "\ue010", "\ue004"
VEHICLES = "return kerbside.picture.shown.map((one) => [one.id, one.at, one.doing])"


def hostile_district(folder):
    """A made town in which every site has a name that would like to run."""
    district = make_district(folder, bins=40, kerb_km=2)
    sites = district.parent / "sites.csv"
    with open(sites, newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        row["name"] = f"点位 {number} {HOSTILE}"
    with open(sites, "w", newline="") as file:
        out = csv.DictWriter(file, rows[0].keys())
        out.writeheader()
        out.writerows(rows)
    return district

STOP_KIND_CHARGE = 7  # plan.proto


class MapPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="kerbside-map-")
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.folder = pathlib.Path(cls.scratch.name)
        district = hostile_district(cls.folder)
        give_breaks(district)
        give_battery(district, battery_kwh=1.5)
        give_skip(district)
        give_hauls(district)
        cls.district = district
        cls.page = cls.folder / "map.html"
        cls.plan = cls.folder / "plan.pb"
        run(KERBSIDE, "plan", district, "-o", cls.plan, "--map", cls.page, "--geojson",
            cls.folder / "plan.geojson", "--iterations", 200, "--quiet", ok=(0, 5))
        cls.message = plan_message().FromString(cls.plan.read_bytes())
        cls.shown = json.loads(run(KERBSIDE, "show", cls.plan, "--json").stdout)
        cls.features = json.loads((cls.folder / "plan.geojson").read_text())["features"]
        cls.browser = cls.enterClassContext(chromium.Browser())

    def setUp(self):
        self.browser.open(self.page)
        self.browser.wait("return document.documentElement.dataset.drawnMs")

    def tearDown(self):
        self.assertEqual(self.browser.complaints(), [])

    def rendered(self, layer):
        return self.browser.run(
            "return kerbside.picture.map.queryRenderedFeatures({layers: [arguments[0]]})"
            ".map((one) => one.properties)", layer)

    def of(self, kind):
        return [one for one in self.features if one["properties"]["is"] == kind]

    def test_it_draws_the_whole_plan_and_asks_nobody(self):
        for layer in ("streets-middle", "drive", "sweep", "bins"):
            self.assertTrue(self.rendered(layer), layer)
        drawn = {one["i"] for one in self.rendered("bins")}
        bins = [one for one in self.of("decision") if one["properties"]["of"] == "container"]
        self.assertEqual(len(drawn), len(bins))
        self.assertIn("© OpenStreetMap contributors", self.browser.run("return document.body.innerText"))
        self.assertEqual(self.browser.requests(), [self.page.as_uri()])

    def test_the_first_picture_lies_where_the_map_will_have_it_and_goes(self):
        first, drawn = self.browser.run("const of = document.documentElement.dataset; return [of.firstMs, of.drawnMs].map(Number)")
        self.assertTrue(0 < first < drawn, (first, drawn))
        self.assertIsNone(self.browser.run("return document.getElementById('first')"))
        apart = self.browser.run("""const box = document.getElementById('map'), view = firstView(box.clientWidth, box.clientHeight);
          return Math.max(...kerbside.ROUTES.flatMap((route) => route.stops).map((stop) => {
            const there = kerbside.picture.map.project(stop.at), [x, y] = view(stop.at);
            return Math.hypot(there.x - x, there.y - y); }))""")
        self.assertLess(apart, 0.5)
        colours = self.browser.run("""drawFirst(); const canvas = document.getElementById('first');
          const pen = canvas.getContext('2d'), found = new Set();
          const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
          for (let at = 0; at < data.length; at += 4) found.add(data[at] << 16 | data[at + 1] << 8 | data[at + 2]);
          canvas.remove(); return [found.has(0xf3f0ea), found.has(0x1b7837), found.size]""")
        self.assertTrue(colours[0] and colours[1] and colours[2] > 20, colours)

    def test_cost_bound_and_gap_are_those_of_the_plan(self):
        text = self.browser.run("return ['cost', 'bound', 'gap'].map((key) => "
                                "parseFloat(document.getElementById('total-' + key).textContent.replace(/,/g, '')))")
        for got, key in zip(text, ("cost", "bound", "gap_percent")):
            self.assertAlmostEqual(got, self.shown[key], delta=0.006)

    def test_no_name_becomes_script_and_nothing_foreign_runs(self):
        self.browser.run("""document.getElementById('search').value = '点位';
          document.getElementById('search').dispatchEvent(new Event('input'));
          document.querySelector('#results button').click();
          document.querySelectorAll('#vehicles details').forEach((one) => { one.open = true; });""")
        self.browser.wait("return document.querySelector('#vehicles table')")
        self.assertIn("<img src=x", self.browser.run("return document.body.innerText"))
        self.assertEqual(self.browser.run("return document.images.length"), 0)
        self.assertEqual(self.browser.run("return document.scripts.length"), 5)
        self.assertIsNone(self.browser.run("return window.hacked ?? null"))
        self.browser.run("const one = document.createElement('script'); one.textContent = 'window.hacked = 2';"
                         "document.body.append(one)")
        self.assertIsNone(self.browser.run("return window.hacked ?? null"))
        refused = self.browser.complaints()
        self.assertTrue(refused and all("Content Security Policy" in one for one in refused), refused)

    def test_the_slider_puts_every_vehicle_where_the_plan_has_it(self):
        self.browser.run("document.getElementById('time').focus()")
        self.browser.keys(HOME)
        first = self.browser.run("return document.getElementById('clock').textContent")
        self.assertEqual(first, min(one["properties"]["start"] for one in self.of("route"))[11:16])
        stops = [one for one in self.of("stop") if one["properties"]["kind"] in ("serve", "tip")]
        for stop in stops[:: max(1, len(stops) // 6)]:
            told = stop["properties"]
            self.browser.run("""const stop = kerbside.ROUTES.find((one) => one.vehicle === arguments[0]).stops[arguments[1]];
              kerbside.replay.set(stop.start_ms); kerbside.replay.say();""", told["vehicle"], told["order"])
            self.assertEqual(self.browser.run("return document.getElementById('clock').textContent"),
                             told["service"][11:16])
            lon, lat = stop["geometry"]["coordinates"]  # the picture follows a little later
            self.browser.wait("""const one = kerbside.picture.shown.find((one) => one.id === '%s' && one.doing === '%s' &&
                Math.abs(one.at[0] - %r) < 3e-4 && Math.abs(one.at[1] - %r) < 3e-4); // a pixel of the first view
              if (!one) return false;
              const {x, y} = kerbside.picture.map.project(one.at), dots = window.devicePixelRatio;
              return kerbside.picture.over.getContext('2d').getImageData(x * dots, y * dots, 1, 1).data[3] === 255;
              """ % (told["vehicle"], told["kind"], lon, lat))

    def test_a_vehicle_on_its_break_stands_and_says_so(self):
        n_breaks = 0
        for route in self.shown["routes"]:
            for pause in route["breaks"]:
                n_breaks += 1
                where = self.browser.run("""const route = kerbside.ROUTES.find((one) => one.shift === arguments[0]);
                  const at = (ms) => kerbside.whereIs(route, ms), start = 1000 * arguments[1], end = 1000 * arguments[2];
                  const one = at(start), other = at(end - 1), then = at(end + 1);
                  return [one.doing, other.doing, one.stop.order, JSON.stringify(one.at) === JSON.stringify(other.at), then.doing];""",
                  route["shift"], pause["start_s"], pause["end_s"])
                self.assertEqual(where[:4], ["break", "break", pause["after_stop"], True])
                self.assertNotEqual(where[4], "break")
                self.browser.run("kerbside.replay.set(1000 * arguments[0]); kerbside.replay.say()", pause["start_s"] + 60)
                self.assertIn(f"{route['vehicle']} on a break at",
                              self.browser.run("return document.getElementById('status').textContent"))
        self.assertGreater(n_breaks, 0)

    def test_play_moves_the_vehicles_and_pause_stops_them(self):
        self.browser.run("document.getElementById('play').click()")
        self.browser.wait("return kerbside.replay.now_ms > kerbside.ROUTES[0].start_ms + 600000")
        self.assertEqual(self.browser.run("return document.getElementById('status').textContent"), "")  # not of another time
        moved = self.browser.run(VEHICLES)
        self.browser.wait("return JSON.stringify((() => {%s})()) !== %s" % (
            VEHICLES, json.dumps(json.dumps(moved, separators=(",", ":"), ensure_ascii=False))))
        self.browser.run("document.getElementById('play').click()")
        stopped = self.browser.run("return kerbside.replay.now_ms")
        self.assertIn("At ", self.browser.run("return document.getElementById('status').textContent"))
        time.sleep(0.5)
        self.assertEqual(self.browser.run("return kerbside.replay.now_ms"), stopped)

    def test_filters_hide_vehicles_streams_and_layers(self):
        routes = {one["v"] for one in self.rendered("drive")}
        streams = {one["c"] for one in self.rendered("bins")}
        self.assertGreater(len(routes), 1)
        self.browser.run("document.querySelector('#vehicles input[data-route=\"0\"]').click()")
        self.browser.wait("return !kerbside.picture.map.queryRenderedFeatures({layers: ['drive', 'sweep']})"
                          ".some((one) => one.properties.v === 0)")
        self.assertEqual({one["v"] for one in self.rendered("drive")}, routes - {0})
        self.browser.run("document.querySelector('#filter-streams input').click()")
        gone = self.browser.run("return Number(document.querySelector('#filter-streams input').value)")
        self.browser.wait("return !kerbside.picture.map.queryRenderedFeatures({layers: ['bins']})"
                          f".some((one) => one.properties.c === {gone})")
        self.assertIn(gone, streams)
        self.browser.run("document.querySelector('#filter-layers input[value=bins]').click()")
        self.browser.wait("return !kerbside.picture.map.queryRenderedFeatures({layers: ['bins']}).length")

    def test_the_keyboard_finds_a_street_and_a_vehicle(self):
        kerb = next(one["properties"] for one in self.of("decision") if one["properties"]["of"] == "street")
        self.browser.run("document.getElementById('search').focus()")
        self.browser.keys(kerb["id"] + "\ue007")
        popup = self.browser.wait("return document.querySelector('.maplibregl-popup')?.innerText")
        self.assertIn(kerb["id"], popup)
        self.assertIn(kerb["text"], popup)
        self.browser.run("document.getElementById('search').value = ''; document.getElementById('search').focus()")
        vehicle = self.of("route")[-1]["properties"]["vehicle"]
        self.browser.keys(vehicle + TAB)
        self.browser.keys("\ue007")
        self.browser.wait("return kerbside.state.vehicles.size === 1")

    def test_what_is_left_out_stands_there_with_its_reason(self):
        wanted = [one["properties"] for one in self.of("decision")
                  if not one["properties"]["served"] and one["properties"]["choice"] != "skip"]
        listed = self.browser.run("return [...document.querySelectorAll('#left-out button')].map((one) => one.innerText)")
        self.assertEqual(len(listed), min(100, len(wanted)))
        for one in wanted[:20]:
            self.assertTrue(any(one["id"] in text and one["text"] in text for text in listed), one)

    def test_a_timetable_has_every_stop_and_the_load_curve_its_peak(self):
        self.browser.run("document.querySelector('#vehicles details').open = true")
        rows = self.browser.wait("return document.querySelectorAll('#vehicles tbody tr').length")
        shift = self.browser.run("return kerbside.ROUTES[0].shift")
        stops = [one["properties"] for one in self.of("stop") if one["properties"]["shift"] == shift]
        pauses = next(one["breaks"] for one in self.shown["routes"] if one["shift"] == shift)
        charges = [stop for route, stop in self.charges() if route.shift == shift]
        self.assertEqual(rows, len(stops) + len(pauses) + len(charges))
        peak = self.browser.run("return document.querySelector('svg.load').getAttribute('aria-label')")
        heaviest = max(one.get("mass_kg", 0) for one in stops if one["kind"] == "tip")
        self.assertIn(f"{heaviest:,.0f} kg", peak)

    def charges(self):
        return [(route, stop) for route in self.message.routes for stop in route.stops if stop.charge_ms]

    def open_route(self, shift):
        """The words of the vehicle's entry, its timetable open."""
        index = self.browser.run("return kerbside.ROUTES.findIndex((one) => one.shift === arguments[0])", shift)
        self.browser.run("document.querySelectorAll('#vehicles details')[arguments[0]].open = true", index)
        self.browser.wait(f"return document.querySelectorAll('#vehicles details')[{index}].querySelector('table')")
        return index, self.browser.run("return document.querySelectorAll('#vehicles details')[arguments[0]].innerText", index)

    def test_a_charge_stands_in_timetable_curve_and_replay(self):
        self.assertTrue(self.charges())
        for route, stop in self.charges():
            kwh = [f"{mwh / 1e6:.1f}" for mwh in (stop.energy_left_mwh - stop.charged_mwh, stop.energy_left_mwh)]
            index, text = self.open_route(route.shift)
            self.assertRegex(text, rf"charges until \d\d:\d\d, from {kwh[0]} to {kwh[1]} kWh")
            doing = self.browser.run("""const route = kerbside.ROUTES[arguments[0]], at = (ms) => kerbside.whereIs(route, ms).doing;
              const start = arguments[1] - arguments[2];
              kerbside.replay.set(start); kerbside.replay.say(); return [at(start - 1), at(start), at(arguments[1] - 1)]""",
              index, stop.end_ms, stop.charge_ms)
            way = stop.kind == STOP_KIND_CHARGE  # a stop of its own; else it follows the unloading
            self.assertEqual(doing, ["drive" if way else "tip", "charge", "charge"])
            self.assertIn(f"{route.vehicle} charging at", self.browser.run("return document.getElementById('status').textContent"))
        levels = [one.energy_left_mwh for one in route.stops]
        levels += [one.energy_left_mwh - one.charged_mwh for one in route.stops]
        curves = self.browser.run("""const box = document.querySelectorAll('#vehicles details')[arguments[0]], of = (name) => box.querySelector(name);
          return [of('svg.battery').getAttribute('aria-label'), ...['svg.battery', 'svg.load'].map((name) => of(name).querySelectorAll('.charge').length)]""",
          index)
        n = sum(stop.charge_ms > 0 for stop in route.stops)
        self.assertEqual(curves, [f"Battery over the night, kWh: at least {min(levels) / 1e6:.1f}, at most {max(levels) / 1e6:.1f} kWh", n, n])
        without = next(one.shift for one in self.message.routes if not any(stop.energy_left_mwh for stop in one.stops))
        self.assertIsNone(self.browser.run("return document.querySelectorAll('#vehicles details')[arguments[0]].querySelector('svg.battery')",
                                           self.open_route(without)[0]))

    def test_facilities_that_charge_have_their_sign_and_say_when(self):
        charging = {one.id for one in self.message.places if one.charges}
        self.assertTrue(charging and charging != {one.id for one in self.message.places})
        drawn = self.rendered("places")
        ids = self.browser.run("return DATA.places.map((one) => one.id)")
        shown = {ids[one["p"]]: one["k"] for one in drawn}
        self.assertIn("square", shown.values())
        self.assertEqual({one for one, sign in shown.items() if sign == "charger"}, charging & set(shown))
        route, stop = self.charges()[0]
        card = self.browser.run("return placeCard(PLACE_BY_ID.get(arguments[0])).textContent", stop.id)
        self.assertIn("charges batteries", card)
        self.assertIn(f"{route.vehicle} charges until", card)
        self.browser.run("document.getElementById('language').click()")
        card = self.browser.run("return placeCard(PLACE_BY_ID.get(arguments[0])).textContent", stop.id)
        self.assertIn("可充电", card)
        self.assertIn(f"{route.vehicle} 充电至", card)
        self.assertIn("千瓦时", self.open_route(route.shift)[1])

    def test_a_swapped_skip_says_so_with_its_decision_and_reason(self):
        route, stop = next((route, stop) for route in self.message.routes for stop in route.stops if stop.swapped)
        decision = next(one for one in self.message.decisions if one.id == stop.id)
        index = self.browser.run("return DECISION_BY_ID.get(arguments[0]).index", stop.id)
        self.assertEqual([one["i"] for one in self.rendered("swaps")], [index])
        card = "return decisionCard(DECISIONS[arguments[0]]).textContent"
        for words in ("served", "taken away full for an empty one", decision.reason.text, route.vehicle):
            self.assertIn(words, self.browser.run(card, index))
        self.assertIn("swaps, full for empty · construction", self.open_route(route.shift)[1])
        self.browser.run("document.getElementById('language').click()")
        self.assertIn("满箱换空箱", self.browser.run(card, index))
        self.assertIn("换箱（满换空） · 建筑垃圾", self.open_route(route.shift)[1])
        self.browser.run("document.querySelector('#filter-layers input[value=bins]').click()")
        self.browser.wait("return !kerbside.picture.map.queryRenderedFeatures({layers: ['swaps']}).length")

    def test_a_skip_left_out_has_its_sign_too(self):
        tonight, page = self.folder / "tonight.yaml", self.folder / "left.html"
        tonight.write_text("vehicles_out: [K01]\n")
        run(KERBSIDE, "plan", self.district, "--tonight", tonight, "-o", self.folder / "left.pb", "--map", page, "--iterations", 20,
            "--quiet", ok=(0, 5))
        self.browser.open(page)
        self.browser.wait("return document.documentElement.dataset.drawnMs")
        index = self.browser.run("return DECISION_BY_ID.get('SKIP1').index")
        drawn = self.rendered("swaps")
        self.assertEqual([(one["i"], one["v"]) for one in drawn], [(index, -1)])
        for words in ("swapped, full for empty", "清运时满箱换空箱"):
            self.assertIn(words, self.browser.run("return decisionCard(DECISIONS[arguments[0]]).textContent", index))
            listed = self.browser.run("return [...document.querySelectorAll('#left-out button')].map((one) => one.innerText)")
            self.assertEqual([words in one for one in listed if "SKIP1" in one], [True])
            self.browser.run("document.getElementById('language').click()")
        self.browser.run("document.querySelector('#filter-streams input[value=\"5\"]').click()")
        self.browser.wait("return !kerbside.picture.map.queryRenderedFeatures({layers: ['swaps']}).length")

    def test_what_lies_at_a_transfer_station_and_is_hauled_away_stands_on_the_page(self):
        self.assertTrue(self.message.piles)
        for pile in self.message.piles:
            tonnes = [f"{grams / 1e6:.2f} t" for grams in (pile.opening_g, pile.inflow_g, pile.hauled_g, pile.closing_g)]
            card = self.browser.run("return placeCard(PLACE_BY_ID.get(arguments[0])).textContent", pile.facility)
            listed = self.browser.run("return document.getElementById('piles').innerText")
            for words in ("{} at first, {} brought, {} hauled away, {} at last".format(*tonnes), f"of {pile.buffer_g / 1e6:.2f} t, at "):
                self.assertIn(words, card)
                self.assertIn(words, listed)
        hauls = [route for route in self.message.routes if any(stop.kind == 8 for stop in route.stops)]
        self.assertTrue(hauls)
        self.assertIn("loads", self.open_route(hauls[0].shift)[1])
        self.browser.run("document.getElementById('language').click()")
        self.assertIn("转运站", self.browser.run("return document.body.innerText"))
        self.assertIn("转运", self.browser.run("return document.getElementById('piles').innerText"))

    def test_each_vehicle_says_what_it_does_and_no_more(self):
        loads = {}
        for route in self.message.routes:
            for stop in route.stops:
                if stop.kind == 8:
                    loads[route.shift] = loads.get(route.shift, 0) + stop.mass_g / 1000
        lines = self.browser.run("return ROUTES.map((one, at) => [one.shift, one.length_mm > one.deadhead_mm, "
                                 "document.querySelectorAll('.vehicle')[at].innerText])")
        self.assertEqual({shift for shift, *_ in lines}, {route.shift for route in self.message.routes})
        self.assertTrue(loads)
        for shift, sweeps, text in lines:
            self.assertEqual("of it without sweeping" in text, sweeps, text)
            self.assertEqual("hauls" in text, shift in loads, text)
            self.assertEqual("served in" in text, shift not in loads, text)
        self.browser.run("document.getElementById('language').click()")
        for shift, kg in loads.items():
            text = self.browser.run("return document.querySelectorAll('.vehicle')[ROUTES.findIndex((one) => one.shift === arguments[0])].innerText", shift)
            told = [float(one.replace(",", "")) for one in re.findall(r"([\d,]+) kg", text)]
            self.assertAlmostEqual(sum(told), kg, delta=len(told))
            self.assertIn("转运", text)

    def test_what_needs_attention_is_said_with_its_number(self):
        self.assertTrue(self.browser.run("return document.getElementById('degraded').hidden"))
        self.browser.run("PLAN.degraded = true; for (const at of [0, 1]) DECISIONS[at].group = 'must_out'; showTotals()")
        n_cannot = self.browser.run("return DECISIONS.filter((one) => one.group === 'cannot').length")
        n_must = self.browser.run("return DECISIONS.filter((one) => one.group === 'must_out').length")
        told = self.browser.run("return document.getElementById('degraded').innerText")
        self.assertIn(f"Needs attention: {n_must} that must be emptied or swept are left out", told)
        self.assertIn(f"{len(self.message.notes)} notes on the data", told)
        self.assertEqual(f"{n_cannot} cannot be served" in told, n_cannot > 0, told)
        self.browser.run("document.getElementById('language').click()")
        told = self.browser.run("return document.getElementById('degraded').innerText")
        self.assertIn(f"需要留意：{n_must} 项必收未安排", told)

    def test_a_street_that_is_found_says_what_is_done_there(self):
        kerb = next(one["properties"] for one in self.of("decision") if one["properties"]["of"] == "street" and one["properties"]["served"])
        self.browser.run("document.getElementById('search').focus()")
        self.browser.keys(kerb["name"])
        self.browser.run("[...document.querySelectorAll('#results button')].find((one) => one.firstChild.data === arguments[0]).click()", kerb["name"])
        popup = self.browser.wait("return document.querySelector('.maplibregl-popup')?.innerText")
        here = [one["properties"]["id"] for one in self.of("decision") if one["properties"].get("name") == kerb["name"]]
        shown = [one for one in here if one in popup]
        self.assertEqual(len(shown), min(8, len(here)), popup)
        self.assertEqual(f"and {len(here) - 8} more" in popup, len(here) > 8, popup)

    def test_page_and_sheet_fit_a_telephone(self):
        run(KERBSIDE, "sheets", self.folder / "plan.pb", "--sheets", self.folder / "sheets")
        sheet = next((self.folder / "sheets").glob("*.html"))
        self.browser.frame(360, 740)
        for page in (self.folder / "map.html", sheet):
            self.browser.open(page)
            wide = self.browser.run("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
            self.assertLessEqual(wide[0], wide[1], page)

    def test_every_item_of_the_cost_has_words(self):
        source = (pathlib.Path(__file__).parents[2] / "solver/plan/plan_costs.c").read_text()
        items = re.findall(r'"(\w+)"', source.split("item_names[N_ITEMS] = {")[1].split("}")[0])
        self.assertGreater(len(items), 8)
        for language in ("en", "zh"):
            self.assertEqual(self.browser.run("return arguments[0].filter((one) => !WORDS[arguments[1]]['item_' + one])", items, language), [])

    def test_every_code_of_a_reason_has_words_in_chinese(self):
        text = (pathlib.Path(__file__).parents[2] / "docs/messages.md").read_text()
        codes = re.findall(r"`(\w+)`", text.split("Codes so far:")[1].split("of a pile")[0])
        self.assertGreater(len(codes), 20)
        self.assertEqual(self.browser.run("return arguments[0].filter((code) => !WORDS.zh['reason_' + code])", codes), [])

    def test_chinese_and_english_say_everything(self):
        english = self.browser.run("return document.body.innerText")
        self.browser.run("document.getElementById('language').click()")
        self.assertEqual(self.browser.run("return document.documentElement.lang"), "zh")
        chinese = self.browser.run("return document.body.innerText")
        for word in ("成本", "下界", "差距", "车辆", "未安排"):
            self.assertIn(word, chinese)
        for word in ("Bound", "Vehicles", "Left out", "Speed"):
            self.assertIn(word, english)
            self.assertNotIn(word, chinese)
        script = (pathlib.Path(__file__).parents[2] / "io/map/words.js").read_text()
        halves = script.split("  zh: {")
        keys = [set(re.findall(r"\b([a-z]\w*): '", half)) for half in halves]
        self.assertEqual(keys[0] - keys[1], set())

    def test_reasons_and_notes_are_those_of_show_in_chinese(self):
        self.browser.run("document.getElementById('language').click()")
        told = self.browser.wait("return CHINESE?.decisions")
        picked = {one.reason.code: (at, one.id) for at, one in enumerate(self.message.decisions)}
        self.assertGreater(len(picked), 2)
        for at, name in picked.values():
            shown = run(KERBSIDE, "show", self.plan, name, "--lang", "zh").stdout.decode()
            self.assertIn(told[at], shown)
            self.assertRegex(told[at], "[\u4e00-\u9fff]")
            self.assertIn(told[at], self.browser.run("return decisionCard(DECISIONS[arguments[0]]).textContent", at))
        notes = self.browser.run("return document.getElementById('notes').textContent")
        self.assertTrue(self.message.notes)
        for note in self.message.notes:
            self.assertNotIn(f"{note.text}", notes)

    def test_every_control_has_a_name_for_those_who_cannot_see(self):
        nameless = self.browser.run("""return [...document.querySelectorAll('button, input, select, [role=region], [role=group]')]
          .filter((one) => !one.hidden && !(one.innerText?.trim() || one.getAttribute('aria-label') || one.title || one.labels?.length))
          .map((one) => one.outerHTML)""")
        self.assertEqual(nameless, [])
        self.assertTrue(self.browser.run("return document.getElementById('time').getAttribute('aria-valuetext')"))

    def test_the_verb_draws_the_same_page_again(self):
        again = self.folder / "again.html"
        run(KERBSIDE, "map", self.plan, "--roads", self.folder / "town.osm", "-o", again)
        self.assertEqual(again.read_bytes(), self.page.read_bytes())
        run(KERBSIDE, "map", self.plan, "--lang", "zh", "-o", again)
        self.browser.open(again)  # and without roads, in Chinese
        self.browser.wait("return document.documentElement.dataset.drawnMs")
        self.assertEqual(self.browser.run("return document.documentElement.lang"), "zh")
        self.assertIn("© OpenStreetMap contributors", self.browser.run("return document.body.innerText"))
        self.assertTrue(self.rendered("drive"))


if __name__ == "__main__":
    if not (chromium.CHROMIUM and chromium.DRIVER):
        print("skipped: chromium or chromium-driver is absent (./dev test installs them)")
        sys.exit(77)
    unittest.main(verbosity=2)
