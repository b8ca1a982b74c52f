#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kerbside batch: one bad district is isolated, a finished one is not planned again."""
import sys

from town import KERBSIDE, Scratch, main, make_district, run


def test_a_bad_district_costs_only_itself_and_a_second_run_resumes():
    with Scratch() as tmp:
        good = make_district(tmp)
        (tmp / "bad.yaml").write_text("schema_version: 1\nnonsense: true\n")
        (tmp / "city.yaml").write_text(
            f"schema_version: 1\ndistricts:\n  - {{id: bad, file: bad.yaml}}\n"
            f"  - {{id: good, file: {good}}}\n")
        words = (KERBSIDE, "batch", tmp / "city.yaml", "--out-dir", tmp / "out", "--iterations", 100,
                 "--date", "2026-11-02")
        first = run(*words, ok=(1,)).stdout.decode()
        assert (tmp / "out" / "good.pb").exists() and not (tmp / "out" / "bad.pb").exists(), first
        before = (tmp / "out" / "good.pb").stat().st_mtime_ns
        second = run(*words, ok=(1,)).stdout.decode()
        assert "finished before" in second, second
        assert (tmp / "out" / "good.pb").stat().st_mtime_ns == before


def test_without_a_date_yesterdays_plan_does_not_pass_for_tonights():
    with Scratch() as tmp:
        good = make_district(tmp)
        (tmp / "city.yaml").write_text(
            f"schema_version: 1\ndistricts:\n  - {{id: good, file: {good}}}\n")
        words = (KERBSIDE, "batch", tmp / "city.yaml", "--out-dir", tmp / "out", "--iterations", 20)
        for _ in range(2):
            assert b"finished before" not in run(*words, ok=(0, 5)).stdout


def test_an_unknown_key_of_the_city_is_refused_with_a_guess():
    with Scratch() as tmp:
        (tmp / "city.yaml").write_text(
            "schema_version: 1\ndistricts:\n  - {id: a, flie: a.yaml}\n")
        done = run(KERBSIDE, "batch", tmp / "city.yaml", ok=(1,))
        assert b"flie" in done.stderr and b"did you mean 'file'" in done.stderr, done.stderr


def test_an_id_that_would_leave_the_folder_is_refused():
    with Scratch() as tmp:
        (tmp / "city.yaml").write_text(
            "schema_version: 1\ndistricts:\n  - {id: ../up, file: a.yaml}\n")
        done = run(KERBSIDE, "batch", tmp / "city.yaml", ok=(1,))
        assert b"../up" in done.stderr, done.stderr


if __name__ == "__main__":
    main(sys.modules[__name__])
