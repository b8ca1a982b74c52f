#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kerbside-bench nights: rules at random, planned, checked, re-planned."""
import csv
import sys

from town import BENCH, Scratch, main, make_district, run


def test_every_night_is_sound_or_says_why_not():
    with Scratch() as folder:
        district, rows = make_district(folder, bins=40, kerb_km=2), folder / "nights.csv"
        out = run(BENCH, "nights", district, "--nights", 30, "--iterations", 200, "-o", rows)
        assert b"violated 0, other bytes on two threads 0, bound above cost 0" in out.stdout, out.stdout
        table = list(csv.DictReader(rows.open()))
        assert len(table) == 30
        planned = [row for row in table if row["status"] == "planned"]
        assert len(planned) >= 15, len(planned)
        rules = {rule for row in planned for rule in row["rules"].split("+")}
        assert {"bays", "breaks", "caps", "bans", "pins", "site_windows", "passes"} <= rules, rules
        for row in planned:
            assert row["same_bytes"] == "yes" and row["violations"] == row["rest_violations"] == "0"
            assert float(row["lower"]) <= float(row["cost"]) + 0.01, row


if __name__ == "__main__":
    main(sys.modules[__name__])
