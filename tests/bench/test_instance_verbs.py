#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kerbside-bench instance, instances and compare, as a person runs them."""
import csv
import json
import os
import pathlib
import random
import re
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ.get("KERBSIDE_SOURCE", "."))
BENCH = pathlib.Path(os.environ.get("KERBSIDE_BUILD", "build/dev")) / "kerbside-bench"
TINY = SOURCE / "tests/fuzz/corpus/fuzz_instance"
HEAD = "set,instance,seed,cpu_s,cost,upper,gap_percent,lower,feasible,iterations,version,routes\n"


def bench(*words):
    return subprocess.run([BENCH, *map(str, words)], capture_output=True, text=True, timeout=120)


def row(instance, seed, gap, feasible="yes"):
    return f"carp-small,{instance},{seed},1.00,100,100,{gap},,{feasible},10,0\n"


class Instance(unittest.TestCase):
    def test_one_line_of_json_and_a_solution_file(self):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "ring.sol"
            run = bench("instance", TINY / "carp", "--iterations", 100, "--seed", 7,
                        "--solution", out)
            self.assertEqual(run.returncode, 0, run.stderr)
            line = json.loads(run.stdout)
            self.assertEqual(list(line), ["instance", "problem", "cost", "lower", "feasible",
                                          "routes", "cpu_s", "iterations", "seed", "gained"])
            self.assertEqual((line["problem"], line["cost"], line["feasible"], line["routes"],
                              line["seed"], line["lower"]), ("carp", 8, True, 2, 7, None))
            text = out.read_text()
            self.assertEqual(sorted(abs(int(word)) for line in re.findall(r": (.*)", text)
                                    for word in line.split()), [1, 2, 3, 4])
            self.assertTrue(text.endswith("Cost 8\n"), text)

    def test_a_timed_run_ends_in_time_with_the_final_choice(self):
        draw = random.Random(4)
        n, seconds = 950, 3
        places = [(draw.randrange(1000), draw.randrange(1000)) for _ in range(n + 1)]
        text = ["DIMENSION : %d" % (n + 1), "EDGE_WEIGHT_TYPE : EUC_2D", "CAPACITY : 11",
                "NODE_COORD_SECTION"]
        text += ["%d %d %d" % (at + 1, x, y) for at, (x, y) in enumerate(places)]
        text += ["DEMAND_SECTION"] + ["%d %d" % (at + 1, at > 0) for at in range(n + 1)]
        text += ["DEPOT_SECTION", "1", "-1", "EOF"]
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "many.vrp"
            path.write_text("\n".join(text))
            run = bench("instance", path, "--time", seconds)
            line = json.loads(run.stdout)
            self.assertTrue(line["feasible"])
            # Within 3 % on a quiet machine; a choice without a limit takes ten times as long.
            self.assertLess(line["cpu_s"], 1.5 * seconds)

    def test_of_no_known_family_is_refused_with_the_reason(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "stops.txt"
            path.write_text("Dear reader\n")
            run = bench("instance", path)
            self.assertEqual(run.returncode, 1)
            self.assertIn("of no family of instances that is known", run.stderr)


class Instances(unittest.TestCase):
    def test_a_pass_goes_on_where_it_stopped(self):
        with tempfile.TemporaryDirectory() as folder:
            data = pathlib.Path(folder)
            (data / "instances/carp").mkdir(parents=True)
            (data / "instances/carp/gdb1.dat").write_bytes((TINY / "carp").read_bytes())
            (data / "instances/BEST.tsv").write_text(
                "instance\tconvention\tlower\tupper\tproved\tsource\n"
                "carp/gdb1.dat\ttotal cost\t8\t8\tyes\tby eye\n")
            out = data / "out.csv"
            words = ["instances", "--set", "carp-small", "--time", "0.1", "--data", data, "-o", out]
            self.assertEqual(bench(*words, "--seeds", "1").returncode, 0)
            first = out.read_text()
            self.assertEqual(bench(*words, "--seeds", "1,2").returncode, 0)
            self.assertTrue(out.read_text().startswith(first))
            rows = list(csv.DictReader(out.read_text().splitlines()))
            self.assertEqual([(r["set"], r["instance"], r["seed"], r["cost"], r["gap_percent"],
                               r["feasible"], r["routes"]) for r in rows],
                             [("carp-small", "carp/gdb1.dat", seed, "8", "0.0000", "yes", "2")
                              for seed in "12"])

    def test_a_file_that_is_something_else_is_not_written_over(self):
        with tempfile.TemporaryDirectory() as folder:
            data = pathlib.Path(folder)
            (data / "instances").mkdir()
            (data / "instances/BEST.tsv").write_text("instance\tupper\n")
            out = data / "letter.txt"
            out.write_text("Dear reader\n")
            run = bench("instances", "--set", "all", "--data", data, "-o", out)
            self.assertEqual(run.returncode, 1)
            self.assertEqual(out.read_text(), "Dear reader\n")


class Compare(unittest.TestCase):
    def compare(self, a, b):
        with tempfile.TemporaryDirectory() as folder:
            paths = [pathlib.Path(folder) / name for name in ("a.csv", "b.csv")]
            for path, rows in zip(paths, (a, b)):
                path.write_text(HEAD + "".join(rows))
            return bench("compare", *paths).returncode

    def test_worse_is_1_and_as_good_is_0(self):
        a = [row("x", 1, 0.5), row("y", 1, 0.5)]
        self.assertEqual(self.compare(a, a), 0)
        self.assertEqual(self.compare(a, [row("x", 1, 0.6), row("y", 1, 0.3)]), 0)
        self.assertEqual(self.compare(a, [row("x", 1, 0.6), row("y", 1, 0.5)]), 1)
        self.assertEqual(self.compare(a, [row("x", 1, 0.1), row("y", 1, "", "no")]), 1)
        self.assertEqual(self.compare(a, [row("x", 1, 0.1)]), 1)


if __name__ == "__main__":
    if not BENCH.exists():
        print(f"no {BENCH}")
        raise SystemExit(77)
    unittest.main()
