#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The adapters for solvers by others: with our own CVRP search for a VRPLIB solver, a stand-in that speaks
VROOM's JSON, and OR-Tools where its npm package is (KERBSIDE_ORTOOLS names the folder)."""
import csv
import json
import os
import sys

from town import BENCH, SOURCE, Scratch, grid_town, main, run

ADAPTERS = SOURCE / "bench/contestants"

# One vehicle after the other, to the cheapest job that fits: every field is read that the adapter fills.
STAND_IN = '''
import json, sys
words = dict(zip(sys.argv[1::2], sys.argv[2::2]))
asked = json.load(open(words["-i"]))
cost, left, routes = asked["matrices"]["truck"]["costs"], {job["id"]: job for job in asked["jobs"]}, []
assert len(cost) == len(left) + 1 and float(words["-l"]) > 0 and words["-t"] == "1"
for vehicle in asked["vehicles"]:
    at, room, steps = vehicle["start_index"], vehicle["capacity"][0], [{"type": "start"}]
    while fits := [job for job in left.values() if job["pickup"][0] <= room]:
        job = min(fits, key=lambda job: cost[at][job["location_index"]])
        at, room = job["location_index"], room - job["pickup"][0]
        steps.append({"type": "job", "id": left.pop(job["id"])["id"]})
    routes.append({"vehicle": vehicle["id"], "steps": steps + [{"type": "end"}]})
json.dump({"code": 0, "routes": routes, "unassigned": [{"id": k} for k in left]}, open(words["-o"], "w"))
'''


def export(folder):
    grid_town(folder / "town.osm")
    run(BENCH, "districts", folder / "town.osm", "--sizes", 60, "--seeds", 1, "-o", folder / "set")
    run(BENCH, "export", folder / "set/town-n60-s1/district.yaml", "-o", folder / "x")


def judge(folder, adapter, *more):
    """The verdict on the adapter's solution; musts are all served."""
    run(sys.executable, ADAPTERS / adapter, folder / "x", folder / "s.csv", 1, *more)
    done = run(BENCH, "evaluate", folder / "set/town-n60-s1/district.yaml", folder / "s.csv")
    verdict = json.loads(done.stdout)
    assert verdict["feasible"] and verdict["musts_left_out"] == 0, verdict
    return verdict


def nearest(folder):
    run(sys.executable, SOURCE / "examples/solver/nearest.py", folder / "x", folder / "n.csv")
    return json.loads(run(BENCH, "evaluate", folder / "set/town-n60-s1/district.yaml",
                          folder / "n.csv").stdout)["cost"]


def test_a_vrplib_solver_beats_the_nearest_neighbour():
    with Scratch() as folder:
        export(folder)
        command = f"{BENCH} instance {{vrp}} --time {{share}} --solution {{sol}}"
        assert judge(folder, "vrplib_solver.py", command)["cost"] < nearest(folder)


def test_a_solver_that_answers_nothing_still_leaves_no_must():
    with Scratch() as folder:
        export(folder)
        judge(folder, "vrplib_solver.py", "true")


def test_routes_in_vrooms_json_are_driven():
    with Scratch() as folder:
        export(folder)
        program = folder / "vroom"
        program.write_text(f"#!{sys.executable}\n{STAND_IN}")
        program.chmod(0o755)
        verdict = judge(folder, "vroom.py", program)
        with open(folder / "s.csv", newline="") as file:
            served = [row["task"] for row in csv.DictReader(file) if not row["task"].startswith("tip:")]
        assert len(served) == len(set(served)) > 20 and verdict["routes"] > 2


def test_or_tools_is_driven():
    packages = os.environ.get("KERBSIDE_ORTOOLS")
    if not packages:
        print("skipped: KERBSIDE_ORTOOLS does not name a folder with or-tools-wasm")
        return
    with Scratch() as folder:
        export(folder)
        assert judge(folder, "ortools.py", packages)["cost"] < nearest(folder)


if __name__ == "__main__":
    if not BENCH.exists():
        print(f"no {BENCH}")
        sys.exit(77)
    main(sys.modules[__name__])
