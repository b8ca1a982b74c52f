#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""VROOM (https://github.com/VROOM-Project/vroom) as a contestant, by its JSON interface.

    vroom.py FOLDER SOLUTION.csv SECONDS [VROOM]        VROOM: the program; default "vroom"
"""
import json
import pathlib
import subprocess
import sys
import tempfile

from trips import contest


def request(cvrp):
    """Jobs with ids as nodes; as many vehicles as trips could be needed; costs apart from durations."""
    n_trips = 2 + 2 * sum(cvrp.demand) // cvrp.capacity
    return {"vehicles": [{"id": k + 1, "profile": "truck", "start_index": 0, "end_index": 0,
                          "capacity": [cvrp.capacity]} for k in range(n_trips)],
            "jobs": [{"id": k, "location_index": k, "pickup": [demand]}
                     for k, demand in enumerate(cvrp.demand) if k],
            "matrices": {"truck": {"durations": cvrp.cost, "costs": cvrp.cost}}}


def routes(answer):
    return [[step["id"] for step in route["steps"] if step["type"] == "job"]
            for route in answer.get("routes", [])]


def main(folder, solution, seconds, program="vroom"):
    def solve(cvrp, share):
        with tempfile.TemporaryDirectory() as scratch:
            asked, got = (pathlib.Path(scratch) / name for name in ("in.json", "out.json"))
            asked.write_text(json.dumps(request(cvrp)))
            subprocess.run([program, "-t", "1", "-x", "5", "-l", str(max(1, round(share))),
                            "-i", str(asked), "-o", str(got)], check=True, stdout=sys.stderr)
            return routes(json.loads(got.read_text()))
    contest(folder, solution, float(seconds), solve)


if __name__ == "__main__":
    main(*sys.argv[1:5])
