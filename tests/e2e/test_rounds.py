#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kerbside-bench rounds: present rounds priced by the model; against the solution they were made
from, which knows its own tips and sides."""
import csv
import json
import sys

from town import BENCH, Scratch, main, make_district, run


def rounds_of(tmp, district):
    """A solution's order of containers, without its tips and modes; and what the solution is worth."""
    run(BENCH, "solve", district, "--iterations", 200, "-o", tmp / "solution.csv")
    judged = json.loads(run(BENCH, "evaluate", district, tmp / "solution.csv").stdout.splitlines()[-1])
    with open(tmp / "solution.csv", newline="") as file:
        rows = [(row["shift"], row["task"]) for row in csv.DictReader(file)
                if not row["task"].startswith(("tip:", "K"))]
    return rows, judged


def write(path, rows):
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["vehicle", "order", "container"])
        out.writerows((shift, at, task) for at, (shift, task) in enumerate(rows))


def price(district, path, ok=(0,)):
    lines = run(BENCH, "rounds", district, path, ok=ok).stdout.decode().splitlines()
    return json.loads(lines[-1]), lines


def test_rounds_cost_about_what_the_solution_they_come_from_costs():
    with Scratch() as tmp:
        district = make_district(tmp, kerb_km=0)
        rows, judged = rounds_of(tmp, district)
        write(tmp / "rounds.csv", list(reversed(rows)))  # order is a column, not the order of rows
        write(tmp / "rounds.csv", rows)
        priced, lines = price(district, tmp / "rounds.csv")
        assert priced["routes"] == judged["routes"] and priced["violations"] == 0, lines
        assert judged["km"] * 0.98 <= priced["km"] <= judged["km"] * 1.15, (priced, judged)
        shuffled = sorted(rows)  # by id: a poor order, the same work
        write(tmp / "poor.csv", shuffled)
        poor, _ = price(district, tmp / "poor.csv", ok=(0, 6))
        assert poor["km"] > 1.2 * priced["km"], (poor, priced)
        assert poor["cost_routes"] > priced["cost_routes"]


def test_what_does_not_fit_is_named_and_priced_all_the_same():
    with Scratch() as tmp:
        district = make_district(tmp, kerb_km=0)
        rows, _ = rounds_of(tmp, district)
        write(tmp / "rounds.csv", rows[:5] + [(rows[0][0], "C9999")])
        priced, lines = price(district, tmp / "rounds.csv")
        assert priced["passed_over"] == 1 and "no container C9999" in lines[0], lines
        assert priced["left_out"] > 0
        write(tmp / "twice.csv", rows[:5] + rows[:1])
        priced, lines = price(district, tmp / "twice.csv", ok=(6,))
        assert any("served 2 times" in line for line in lines), lines
        assert priced["cost_routes"] > 0
        write(tmp / "nobody.csv", [("T99", rows[0][1])])
        message = run(BENCH, "rounds", district, tmp / "nobody.csv", ok=(1,)).stderr.decode()
        assert "field vehicle: T99, expected a vehicle or shift" in message, message


def test_what_the_truck_of_a_round_cannot_take_is_named():
    with Scratch() as tmp:
        district = make_district(tmp, kerb_km=0)
        rows, _ = rounds_of(tmp, district)
        streams = {row["container_id"]: row["stream"] for row in csv.DictReader((district.parent / "containers.csv").open())}
        shift, task = next((shift, task) for shift, task in rows if streams[task] == "residual")
        other = next(task for _, task in rows if streams[task] == "food")
        write(tmp / "rounds.csv", [(shift, task), (shift, other)])
        priced, lines = price(district, tmp / "rounds.csv")
        assert lines[0] == f"record 2: {other} cannot be served by {shift}: passed over", lines
        assert priced["passed_over"] == 1, priced


if __name__ == "__main__":
    main(sys.modules[__name__])
