#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kerbside reports --learned: nights carried out teach densities, times, speeds and places out of
reach; plans go by the first two; a damaged file never costs a night."""
import csv
import datetime
import importlib
import json
import re
import shutil
import subprocess
import sys

from town import KERBSIDE, SOURCE, Scratch, main, make_district, run

if not shutil.which("protoc"):
    print("SKIPPED: protoc is not installed")
    sys.exit(77)
HEAVY, SLOW, FAST = 1.4, 1.5, 1.2  # the truth, as factors on what is stated


def schema(folder):
    protos = sorted(str(p) for p in (SOURCE / "io/proto").glob("kerbside/v1/*.proto"))
    subprocess.run(["protoc", f"-I{SOURCE / 'io/proto'}", f"--python_out={folder}", *protos],
                   check=True)
    sys.path.insert(0, str(folder))
    return [importlib.import_module(f"kerbside.v1.{n}_pb2") for n in ("common", "execution")]


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def newest_fills(folder):
    fills = {}
    for row in rows(folder / "reports.csv"):
        if row["fill_ratio"]:
            fills[row["container_id"]] = float(row["fill_ratio"])
    return fills


def night(pb, common, folder, number, start):
    """All containers emptied; the first one's place is out of reach; a track along a street."""
    message = pb.Execution(schema_version=1)
    route = message.routes.add(shift="S1")
    now, fills, first, last = start + number * 86400, newest_fills(folder), None, None
    setups = {row["site_id"]: int(row["setup_s"] or 0) for row in rows(folder / "sites.csv")}
    for row in rows(folder / "containers.csv"):
        first = first or row["site_id"]
        stop = route.stops.add(id=row["container_id"], start_s=now)
        if row["site_id"] == first:
            stop.outcome = pb.OUTCOME_FAILED
            stop.reason.code = "cannot_reach"
            stop.end_s = now + 5
        else:
            fill = min(1, fills.get(row["container_id"], 0.5))
            stop.outcome, stop.fill_ratio = pb.OUTCOME_DONE, fill
            stop.end_s = now + int(float(row["service_s"] or 60) * SLOW)
            stop.end_s += setups[row["site_id"]] if row["site_id"] != last else 0
            last = row["site_id"]
            stop.mass_kg = fill * float(row["volume_l"]) * float(row["density_kg_per_l"]) * HEAVY
        now += 1000
    for point in range(200):  # along Row 5, a tertiary street: 40 km/h are stated
        route.track.add(at_s=start + number * 86400 + 10 * point, lat_deg=26.9 + 5 * 0.0011,
                        lon_deg=112.6 + 0.00005 * point, speed_kmh=40 * FAST)
    return first, message.SerializeToString()


def learned(district, *more):
    return json.loads(run(KERBSIDE, "reports", district, "--learned", "--json", *more).stdout)


def test_nights_are_learnt_from_shown_and_planned_with():
    with Scratch() as tmp:
        common, pb = schema(tmp)
        district = make_district(tmp)
        folder = district.parent
        refused = run(KERBSIDE, "reports", district, "--learned", ok=(1,)).stderr.decode()
        assert "no key 'learned'" in refused, refused
        district.write_text("learned: learned.yaml\n" + district.read_text())
        assert learned(district) == {"nights": 0, "learned": [], "out_of_reach": []}
        as_of = re.search(r"^as_of: (\S+)", district.read_text(), re.M).group(1)
        start = int(datetime.datetime.fromisoformat(as_of[:19]).timestamp())
        for number in range(3):
            site, message = night(pb, common, folder, number, start)
            (tmp / "night.pb").write_bytes(message)
            shown = learned(district, "--executed", tmp / "night.pb")
            assert shown["nights"] == number + 1, shown
            assert len(shown["out_of_reach"]) == (number == 2), shown
        kept = (folder / "learned.yaml").read_bytes()
        assert learned(district, "--executed", tmp / "night.pb") == shown
        assert (folder / "learned.yaml").read_bytes() == kept  # a night counts once
        factors = {(v["what"], v["of"], v["class"]): v["factor"] for v in shown["learned"]}
        densities = [f for (what, _, _), f in factors.items() if what == "kg/l"]
        assert densities and all(1.05 < f < HEAVY + 0.05 for f in densities), densities
        assert all(f > 1.02 for (what, _, _), f in factors.items() if what == "service"), factors
        speeds = [f for (what, of, _), f in factors.items() if what == "speed"]
        assert speeds and all(1.01 < f < FAST for f in speeds), factors
        proposal = shown["out_of_reach"][0]
        assert proposal["id"] == site and proposal["times"] == 3
        assert re.fullmatch(r"close,\d+,\d+,\d+", proposal["row"]), proposal
        text = run(KERBSIDE, "reports", district, "--learned").stdout.decode()
        assert f"{proposal['row']}  # {site}: cannot be reached, 3 nights running" in text, text
        notes = run(KERBSIDE, "validate", district, ok=(0, 5)).stdout.decode()
        assert "learned: learned.yaml: kg per litre or time of" in notes, notes
        # the row that is proposed is one the table of corrections takes
        (folder / "extra.csv").write_text("action,way_id,from_node,to_node\n" + proposal["row"] + "\n")
        with_row = district.read_text().replace("tables:\n", "tables:\n  roads_extra: extra.csv\n")
        (folder / "with_row.yaml").write_text(with_row)
        run(KERBSIDE, "validate", folder / "with_row.yaml", ok=(0, 5))


def test_a_damaged_file_of_what_was_learnt_never_costs_a_night():
    with Scratch() as tmp:
        district = make_district(tmp)
        district.write_text("learned: learned.yaml\n" + district.read_text())
        state = district.parent / "learned.yaml"
        state.write_text("schema_version: 1\ndensity: [{stream: food, factor: 9, n: 1}]\n")
        words = "density[].factor: 9, expected 0.5 to 2"
        out = tmp / "plan.pb"
        run(KERBSIDE, "plan", district, "-o", out, "--iterations", 50, "--quiet", ok=(5,))
        first = run(KERBSIDE, "show", out).stdout.decode().splitlines()[0]
        assert first.startswith("DEGRADED") and "what was learnt is not used" in first, first
        refused = run(KERBSIDE, "reports", district, "--learned", ok=(1,)).stderr.decode()
        assert words in refused, refused
        before = state.read_text()
        (tmp / "night.pb").write_bytes(b"\xff\xff")
        run(KERBSIDE, "reports", district, "--learned", "--executed", tmp / "night.pb", ok=(1,))
        assert state.read_text() == before


if __name__ == "__main__":
    main(sys.modules[__name__])
