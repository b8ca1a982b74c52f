#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every release's problems and plans (tests/data/releases/VERSION) mean today what they meant then:
the problem has the same hash, its plan is accepted at the same cost, today's proof allows it, and
today's search is about as good. KERB_PIN_RELEASE=1 writes those of the present version anew, which
is right only until it is released."""
import gzip
import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))
from town import KERBSIDE, SOURCE, Scratch, grid_town, make_district, run  # noqa: E402

RELEASES = SOURCE / "tests" / "data" / "releases"
WORST = 1.02  # of the cost then; the searches are short
SEARCH = ("--iterations", 400, "--seed", 1, "--quiet")
MATRIX_PROBLEM = SOURCE / "tests/fuzz/corpus/fuzz_messages/problem_python"


def pin():
    version = run(KERBSIDE, "--version").stdout.decode().split()[1]
    folder = RELEASES / version
    folder.mkdir(parents=True, exist_ok=True)
    with Scratch() as tmp:
        grid_town(tmp / "town.osm", rows=9, columns=9)
        (folder / "town.osm.gz").write_bytes(
            gzip.compress((tmp / "town.osm").read_bytes(), mtime=0))
        district = make_district(tmp, bins=24, kerb_km=1, extract=tmp / "town.osm", days=7)
        run(KERBSIDE, "problem", district, "-o", folder / "streets.problem.pb")
    (folder / "matrix.problem.pb").write_bytes(MATRIX_PROBLEM.read_bytes()[1:])
    for name in ("streets", "matrix"):
        run(KERBSIDE, "plan", folder / f"{name}.problem.pb", *roads(folder, name), *SEARCH,
            "-o", folder / f"{name}.plan.pb", ok=(0, 5))


def roads(folder, name):
    return ("--roads", folder / "town.osm.gz") if name == "streets" else ()


def show(plan):
    return json.loads(run(KERBSIDE, "show", plan, "--json").stdout)


class Releases(unittest.TestCase):
    def cases(self):
        folders = sorted(p for p in RELEASES.iterdir() if p.is_dir())
        self.assertTrue(folders)
        for folder in folders:
            for name in ("streets", "matrix"):
                with self.subTest(f"{folder.name} {name}"):
                    yield folder, name

    def test_a_problem_keeps_its_hash(self):
        for folder, name in self.cases():
            text = run(KERBSIDE, "validate", folder / f"{name}.problem.pb",
                       *roads(folder, name)).stdout.decode()
            self.assertIn(show(folder / f"{name}.plan.pb")["problem_hash"][:16], text)

    def test_its_plan_is_accepted(self):
        for folder, name in self.cases():
            run(KERBSIDE, "check", folder / f"{name}.problem.pb", folder / f"{name}.plan.pb",
                *roads(folder, name))

    def test_todays_proof_allows_that_plan_and_todays_search_is_about_as_good(self):
        for folder, name in self.cases():
            with Scratch() as tmp:
                run(KERBSIDE, "plan", folder / f"{name}.problem.pb", *roads(folder, name), *SEARCH,
                    "-o", tmp / "plan.pb", ok=(0, 5))
                now, then = show(tmp / "plan.pb"), show(folder / f"{name}.plan.pb")
            self.assertLessEqual(now["bound"], then["cost"] + 1e-6)
            self.assertLessEqual(then["bound"], now["cost"] + 1e-6)
            self.assertLessEqual(now["cost"], then["cost"] * WORST)


if __name__ == "__main__":
    if os.environ.get("KERB_PIN_RELEASE"):
        pin()
    unittest.main()
