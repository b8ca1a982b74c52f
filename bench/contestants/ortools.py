#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""OR-Tools' routing library as a contestant, in its npm package or-tools-wasm.

    npm install --prefix DIR or-tools-wasm
    ortools.py FOLDER SOLUTION.csv SECONDS DIR

The package offers a first solution and local search to the end, no time limit and no metaheuristic: SECONDS is
not used up.
"""
import json
import pathlib
import subprocess
import sys

from trips import contest

SCRIPT = pathlib.Path(__file__).with_name("ortools.mjs")


def main(folder, solution, seconds, packages):
    def solve(cvrp, _):
        n_trips = 2 + 2 * sum(cvrp.demand) // cvrp.capacity
        asked = {"cost": cvrp.cost, "demand": cvrp.demand, "capacity": cvrp.capacity, "vehicles": n_trips}
        done = subprocess.run(["node", str(SCRIPT), packages], input=json.dumps(asked).encode(),
                              stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout.splitlines()[-1])
    contest(folder, solution, float(seconds), solve)


if __name__ == "__main__":
    main(*sys.argv[1:5])
