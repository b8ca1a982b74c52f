#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kerbside-bench growth on two small towns."""
import csv
import json
import math
import pathlib
import sys

from town import BENCH, Scratch, main, make_district, run


def test_the_time_told_lies_where_the_rows_say():
    with Scratch() as tmp:
        towns = []
        for bins in (40, 90):
            folder = pathlib.Path(tmp) / str(bins)
            folder.mkdir()
            towns.append(make_district(folder, bins=bins))
        out = pathlib.Path(tmp) / "growth.csv"
        words = (BENCH, "growth", *towns, "--first", 2, "-o", out)
        lines = [json.loads(line) for line in run(*words).stdout.splitlines()]
        rows = list(csv.DictReader(out.read_text().splitlines()))
        for line in lines[:2]:
            costs = [(float(row["cpu_s"]), float(row["cost"])) for row in rows if row["district"] == line["district"]]
            last = len(costs) - 1  # ten times as long as the run that is good enough
            assert last >= 3 and line["long_cost"] == costs[last][1]
            assert costs[last - 3][1] <= 1.01 * costs[last][1]
            for step in range(last - 3):
                assert costs[step][1] > 1.01 * costs[step + 3][1], "an earlier run would have done"
            before = costs[last - 4][0] if last > 3 else costs[0][0]
            assert before - 0.01 <= line["cpu_s"] <= costs[last - 3][0] + 0.01
            assert line["at_most"] == (last == 3)
        slope = math.log(lines[1]["cpu_s"] / lines[0]["cpu_s"]) / math.log(lines[1]["tasks"] / lines[0]["tasks"])
        assert abs(lines[2]["exponent"] - slope) < 0.3, (lines, slope)
        before = out.read_text()
        again = [json.loads(line) for line in run(*words).stdout.splitlines()]
        assert out.read_text() == before, "a run that is there is not made again"
        assert [line.get("long_cost") for line in again] == [line.get("long_cost") for line in lines]


if __name__ == "__main__":
    main(sys.modules[__name__])
