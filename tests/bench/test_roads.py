#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kerbside-bench roads, as a person runs it."""
import csv
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

BENCH = pathlib.Path(os.environ.get("KERBSIDE_BUILD", "build/dev")) / "kerbside-bench"


def roads(*words):
    return subprocess.run([BENCH, "roads", *map(str, words)], capture_output=True, text=True,
                          timeout=120)


class Roads(unittest.TestCase):
    def test_a_made_city_is_the_same_each_time_and_no_cell_differs_from_dijkstra(self):
        lines = []
        for method in ("phast", "bucket", "dijkstra"):
            run = roads("--grid", 400, "--points", 60, "--seed", 3, "--method", method)
            self.assertEqual(run.returncode, 0, run.stderr)
            lines.append(json.loads(run.stdout))
        for line in lines:
            self.assertEqual((line["extract"], line["points"], line["mismatches"]),
                             ("grid-400", 60, 0))
            self.assertEqual((line["nodes"], line["arcs"]), (400, 1520))
        self.assertGreater(lines[0]["hierarchy_s"], 0)
        self.assertGreater(lines[0]["path_us"], 0)
        self.assertEqual(lines[2]["hierarchy_s"], 0)

    def test_rows_are_added_to_a_table_of_the_same_columns_only(self):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "roads.csv"
            for threads in (1, 2):
                run = roads("--grid", 100, "--points", 40, "--threads", threads, "-o", out)
                self.assertEqual(run.returncode, 0, run.stderr)
            rows = list(csv.DictReader(out.read_text().splitlines()))
            self.assertEqual([row["threads"] for row in rows], ["1", "2"])
            self.assertEqual(float(rows[0]["speedup"]), 0)  # one thread: nothing to compare
            self.assertGreaterEqual(float(rows[1]["speedup"]), 0)  # 0.00 on a starved machine
            out.write_text("extract,points\n")
            run = roads("--grid", 100, "--points", 40, "-o", out)
            self.assertEqual(run.returncode, 1)
            self.assertIn("roads.csv, line 1: other columns, expected extract,method", run.stderr)

    def test_a_city_or_an_extract_not_both(self):
        for words in ((), ("city.osm", "--grid", 100), ("--grid", 3), ("--grid", 9, "--runs", 0)):
            self.assertEqual(roads(*words).returncode, 2)


if __name__ == "__main__":
    if not BENCH.exists():
        print(f"no {BENCH}")
        raise SystemExit(77)
    unittest.main()
