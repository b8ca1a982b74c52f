#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any solver that reads VRPLIB with an explicit matrix and writes routes as CVRPLIB does.

    vrplib_solver.py FOLDER SOLUTION.csv SECONDS COMMAND

COMMAND may hold {vrp} (the instance), {sol} (where its solution is expected) and {share} (its seconds); a solution is
lines "Route #1: 3 17 5", customers counted from 1 as CVRPLIB counts them (the node number less one).
"""
import pathlib
import re
import subprocess
import sys
import tempfile

from trips import contest


def write_vrp(path, cvrp):
    n = len(cvrp.cost)
    lines = ["NAME : district", "TYPE : CVRP", f"DIMENSION : {n}", "EDGE_WEIGHT_TYPE : EXPLICIT",
             "EDGE_WEIGHT_FORMAT : FULL_MATRIX", f"CAPACITY : {cvrp.capacity}", "EDGE_WEIGHT_SECTION"]
    lines += [" ".join(map(str, row)) for row in cvrp.cost]
    lines += ["DEMAND_SECTION"] + [f"{k + 1} {demand}" for k, demand in enumerate(cvrp.demand)]
    path.write_text("\n".join(lines + ["DEPOT_SECTION", "1", "-1", "EOF"]) + "\n")


def read_routes(path):
    return [[int(word) for word in line.split()]
            for line in re.findall(r"^\s*Route[^:]*:(.*)$", path.read_text(), re.M)]


def main(folder, solution, seconds, command):
    def solve(cvrp, share):
        with tempfile.TemporaryDirectory() as scratch:
            vrp, sol = pathlib.Path(scratch) / "in.vrp", pathlib.Path(scratch) / "in.sol"
            write_vrp(vrp, cvrp)
            words = command.replace("{vrp}", str(vrp)).replace("{sol}", str(sol))
            words = words.replace("{share}", f"{max(0.1, share):.2f}")
            subprocess.run(words, shell=True, check=False, stdout=sys.stderr)
            return read_routes(sol) if sol.exists() else []
    contest(folder, solution, float(seconds), solve)


if __name__ == "__main__":
    main(*sys.argv[1:5])
