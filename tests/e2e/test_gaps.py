#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kerbside-bench gaps on a small town, against what kerbside plan says of the same night."""
import csv
import json
import pathlib
import sys

from town import BENCH, KERBSIDE, Scratch, main, make_district, run


def test_rows_are_those_of_plan():
    with Scratch() as tmp:
        town = make_district(pathlib.Path(tmp), bins=30)
        out = pathlib.Path(tmp) / "gaps.csv"
        run(BENCH, "gaps", town, "--iterations", 300, "--seeds", 2, "-o", out)
        rows = list(csv.DictReader(out.read_text().splitlines()))
        assert {row["seed"] for row in rows} == {"1", "2"}
        assert [row["part"] for row in rows if row["seed"] == "1"] == ["all", "trucks", "sweepers"]
        for row in rows:
            cost, bound = float(row["cost"]), float(row["bound"])
            assert row["violations"] == "0" and 0 < bound <= cost
            assert abs(float(row["gap_percent"]) - 100 * (cost - bound) / cost) < 0.01
        parts = {row["part"]: row for row in rows if row["seed"] == "1"}
        assert int(parts["all"]["tasks"]) == int(parts["trucks"]["tasks"]) + int(parts["sweepers"]["tasks"])
        plan = pathlib.Path(tmp) / "plan.pb"
        run(KERBSIDE, "plan", town, "--iterations", 300, "-o", plan, "--quiet", ok=(0, 5))
        said = json.loads(run(KERBSIDE, "show", plan, "--json").stdout)
        assert abs(said["cost"] - float(parts["all"]["cost"])) < 0.01
        assert abs(said["bound"] - float(parts["all"]["bound"])) < 0.01


if __name__ == "__main__":
    main(sys.modules[__name__])
