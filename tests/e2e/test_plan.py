#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kerbside plan, check, show, problem, map on a small town: one night, end to end."""
import json
import re
import signal
import subprocess
import sys

from town import KERBSIDE, Scratch, main, make_district, run

FAST = ("--iterations", 300, "--seed", 1, "--quiet")


def plan(district, out, *more, ok=(0, 5)):
    return run(KERBSIDE, "plan", district, "-o", out, *FAST, *more, ok=ok)


def test_a_district_is_planned_checked_and_shown():
    with Scratch() as tmp:
        district = make_district(tmp)
        plan(district, tmp / "plan.pb", "--geojson", tmp / "p.geojson", "--svg", tmp / "p.svg")
        verdict = run(KERBSIDE, "check", district, tmp / "plan.pb").stdout.decode()
        assert "accepted" in verdict, verdict
        text = run(KERBSIDE, "show", tmp / "plan.pb").stdout.decode()
        assert len(text.splitlines()) <= 60, len(text.splitlines())
        shown = json.loads(run(KERBSIDE, "show", tmp / "plan.pb", "--json").stdout)
        for key in ("cost", "bound", "gap_percent", "gap_avoidable_percent", "relaxation"):
            assert key in shown, key
        assert shown["bound"] <= shown["cost"]
        features = json.loads((tmp / "p.geojson").read_text())["features"]
        assert any(f["geometry"]["type"] == "LineString" for f in features)
        assert "OpenStreetMap contributors" in (tmp / "p.svg").read_text()


def test_an_alarm_comes_first_in_the_plan_and_in_the_list_of_sensors():
    with Scratch() as tmp:
        district = make_district(tmp)
        reports = district.parent / "reports.csv"
        bin_id = reports.read_text().splitlines()[1].split(",")[0]
        as_of = re.search(r"^as_of: (\S+)", district.read_text(), re.M).group(1)
        with reports.open("a") as file:
            file.write(f"{bin_id},{as_of},,,,camera,,burning\n")
        plan(district, tmp / "plan.pb", ok=(5,))
        text = run(KERBSIDE, "show", tmp / "plan.pb").stdout.decode()
        assert text.startswith("DEGRADED: 1 alarm"), text[:200]
        notes = text[text.index("Data and overrides"):].splitlines()
        assert f"alarm: fire: container {bin_id} " in notes[1], notes[1]
        assert "'burning' says camera" in notes[1], notes[1]
        listed = run(KERBSIDE, "reports", district).stdout.decode().splitlines()
        assert listed[0].startswith(f"ALARM fire     {bin_id}"), listed[0]
        alarm = json.loads(run(KERBSIDE, "reports", district, "--json").stdout)["alarms"][0]
        assert (alarm["container"], alarm["alarm"], alarm["word"]) == (bin_id, "fire", "burning")


def test_the_same_bytes_come_out_at_one_and_two_threads_and_again():
    with Scratch() as tmp:
        district = make_district(tmp)
        for name, threads in (("a", 1), ("b", 2), ("c", 2)):
            plan(district, tmp / f"{name}.pb", "--threads", threads)
        first = (tmp / "a.pb").read_bytes()
        assert first == (tmp / "b.pb").read_bytes()
        assert first == (tmp / "c.pb").read_bytes()


def test_a_timed_run_is_repeated_by_its_iterations():
    with Scratch() as tmp:
        district = make_district(tmp)
        run(KERBSIDE, "plan", district, "-o", tmp / "t.pb", "--time", "1s", "--quiet", ok=(0, 5))
        n = json.loads(run(KERBSIDE, "show", tmp / "t.pb", "--json").stdout)["iterations"]
        run(KERBSIDE, "plan", district, "-o", tmp / "n.pb", "--iterations", n, "--quiet", ok=(0, 5))
        assert (tmp / "t.pb").read_bytes() == (tmp / "n.pb").read_bytes()


def test_the_problem_message_gives_the_same_plan_as_the_district():
    with Scratch() as tmp:
        district = make_district(tmp)
        run(KERBSIDE, "problem", district, "-o", tmp / "problem.pb")
        plan(district, tmp / "a.pb")
        plan(tmp / "problem.pb", tmp / "b.pb", "--roads", tmp / "town.osm")
        assert (tmp / "a.pb").read_bytes() == (tmp / "b.pb").read_bytes()
        run(KERBSIDE, "check", tmp / "problem.pb", tmp / "a.pb", "--roads", tmp / "town.osm")


def test_a_problem_needs_the_roads_it_was_made_on():
    with Scratch() as tmp:
        district = make_district(tmp)
        run(KERBSIDE, "problem", district, "-o", tmp / "problem.pb")
        done = plan(tmp / "problem.pb", tmp / "b.pb", ok=(1,))
        assert b"roads" in done.stderr, done.stderr
        assert not (tmp / "b.pb").exists()


def test_a_signal_gives_the_best_plan_so_far_and_exit_4():
    with Scratch() as tmp:
        district = make_district(tmp)
        child = subprocess.Popen([str(KERBSIDE), "plan", str(district), "-o", str(tmp / "plan.pb"),
                                  "--time", "300s"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        while b"search" not in (line := child.stderr.readline()):  # before, there is no plan yet
            assert line, child.wait()
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=120)
        assert child.returncode == 4, child.returncode
        run(KERBSIDE, "check", district, tmp / "plan.pb")


def test_tonight_is_obeyed_and_echoed():
    with Scratch() as tmp:
        district = make_district(tmp)
        (tmp / "tonight.yaml").write_text(
            "vehicles_out: [T02]\ncontainers_forced: [C0001]\ncontainers_skipped: [C0002]\n")
        plan(district, tmp / "plan.pb", "--tonight", tmp / "tonight.yaml")
        shown = json.loads(run(KERBSIDE, "show", tmp / "plan.pb", "--json").stdout)
        assert all(r["vehicle"] != "T02" for r in shown["routes"])
        forced = run(KERBSIDE, "show", tmp / "plan.pb", "C0001").stdout.decode()
        skipped = run(KERBSIDE, "show", tmp / "plan.pb", "C0002").stdout.decode()
        assert "ordered for tonight" in forced, forced
        assert "taken out for tonight" in skipped, skipped
        run(KERBSIDE, "check", district, tmp / "plan.pb", "--tonight", tmp / "tonight.yaml")


def test_a_changed_plan_is_refused_by_check():
    with Scratch() as tmp:
        district = make_district(tmp)
        plan(district, tmp / "plan.pb")
        bytes_ = bytearray((tmp / "plan.pb").read_bytes())
        refused = 0
        for at in range(200, len(bytes_), max(1, len(bytes_) // 25)):
            changed = bytearray(bytes_)
            changed[at] ^= 1
            (tmp / "bad.pb").write_bytes(changed)
            code = run(KERBSIDE, "check", district, tmp / "bad.pb", ok=(0, 1, 6)).returncode
            refused += code != 0
        assert refused >= 5, refused


if __name__ == "__main__":
    main(sys.modules[__name__])
