#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kerbside simulate and reports, kerbside-bench demand, on a small town."""
import csv
import datetime
import json
import pathlib
import re
import statistics
import sys
import xml.dom.minidom

from town import BENCH, KERBSIDE, Scratch, main, make_district, run


def simulate(district, *more):
    done = run(KERBSIDE, "simulate", district, "--days", 4, "--iterations", 60, "--json", *more)
    return done.stdout


def test_the_same_seed_gives_the_same_line_at_any_threads():
    with Scratch() as tmp:
        district = make_district(tmp)
        first = simulate(district, "--seed", 3)
        assert first == simulate(district, "--seed", 3, "--threads", 2)
        assert first != simulate(district, "--seed", 4)


def test_every_policy_meets_the_same_world_and_says_what_was_promised():
    with Scratch() as tmp:
        district = make_district(tmp)
        policies = ("fill", "threshold", "fixed", "fixed_tuned")
        found = {p: json.loads(simulate(district, "--policy", p)) for p in policies}
        for policy, line in found.items():
            assert line["policy"] == policy
            for key in ("km", "service_level", "overflows", "shifts", "cost"):
                assert key in line, key
            assert line["km"] > 0 and line["shifts"] > 0 and line["emptied"] > 0
            assert 0 < line["service_level"] <= 1
            assert 0 < line["fill_at_emptying"] < 1.5
        # what is thrown in does not depend on who empties it: tonnes differ by stocks only
        assert found["fill"]["service_level"] >= found["threshold"]["service_level"]
        assert found["fill"]["fill_at_emptying"] < found["threshold"]["fill_at_emptying"]


def test_fixed_rounds_have_run_before_the_first_night_and_keep_their_service():
    with Scratch() as tmp:
        district = make_district(tmp)
        found = {p: json.loads(simulate(district, "--policy", p, "--days", 14))
                 for p in ("fixed", "fixed_tuned")}
        for line in found.values():
            assert line["service_level"] >= 0.998, line
        # the margin that this world needs, not the one that each container alone would
        assert found["fixed_tuned"]["emptied"] < found["fixed"]["emptied"], found


def test_fixed_rounds_on_fewer_days_send_fewer_trucks():
    with Scratch() as tmp:
        district = make_district(tmp)
        slow = ("--policy", "fixed_tuned", "--days", 14, "--rates", 0.2)
        daily = json.loads(simulate(district, *slow))
        twice = json.loads(simulate(district, *slow, "--collection-days", 2))
        assert (daily["collection_days"], twice["collection_days"]) == (7, 2)
        assert twice["shifts"] < daily["shifts"], (twice, daily)


def test_fill_goes_its_rounds_on_the_nights_it_is_told():
    with Scratch() as tmp:
        district = make_district(tmp)
        rows = run(KERBSIDE, "simulate", district, "--policy", "fill", "--days", 7, "--iterations", 30,
                   "--collection-days", 2, "--rates", 0.2).stdout.decode().splitlines()
        km = [float(row.split()[1]) for row in rows[1:8]]
        assert [night for night in range(7) if km[night] > 0] in ([0, 4], [0], [4]), rows
        every = json.loads(simulate(district, "--policy", "fill", "--days", 7, "--rates", 0.2))
        twice = json.loads(simulate(district, "--policy", "fill", "--days", 7, "--rates", 0.2,
                                    "--collection-days", 2))
        assert twice["shifts"] < every["shifts"], (twice, every)


def test_policies_side_by_side_are_the_means_of_their_runs():
    with Scratch() as tmp:
        district = make_district(tmp)
        text = pathlib.Path(district).read_text()
        name = re.search(r'name: "([^"]*)"', text).group(1)
        pathlib.Path(district).write_text(text.replace(f'name: "{name}"', 'name: "<b>R&D</b>"', 1))
        words = ("--policy", "fill,fixed", "--seeds", "1,2,3")
        lines = [json.loads(line) for line in simulate(district, *words).splitlines()]
        assert [(line["policy"], line["seed"]) for line in lines] == [
            (policy, seed) for policy in ("fill", "fixed") for seed in (1, 2, 3)]
        assert lines[1] == json.loads(simulate(district, "--seed", 2)), "a world of its own"
        page = pathlib.Path(tmp) / "worth.html"
        rows = run(KERBSIDE, "simulate", district, "--days", 4, "--iterations", 60, *words, "--page",
                   page).stdout.decode().splitlines()
        for policy, row, half in (("fill", rows[1], rows[2]), ("fixed", rows[3], rows[4])):
            costs = [line["cost"] for line in lines if line["policy"] == policy]
            cells = row.split()
            assert cells[0] == policy and abs(float(cells[-1]) - statistics.mean(costs)) < 0.006, row
            expected = 4.303 * statistics.stdev(costs) / 3 ** 0.5
            assert abs(float(half.split()[-1]) - expected) < 0.006, (half, expected)
        tree = xml.dom.minidom.parseString(re.sub(r"<(meta[^>]*)>", r"<\1/>", page.read_text())
                                           .replace("<!doctype html>", ""))
        assert len(tree.getElementsByTagName("polyline")) == 12 # six figures, two policies
        assert "&lt;b>R&amp;D&lt;/b>" in page.read_text()
        assert "<script" not in page.read_text() and "http:" not in page.read_text()


def present_rounds(tmp, district, day=""):
    """The order of containers of one night's solution, as a city would have it on paper."""
    run(BENCH, "solve", district, "--iterations", 200, "-o", tmp / "solution.csv")
    judged = json.loads(run(BENCH, "evaluate", district, tmp / "solution.csv").stdout.splitlines()[-1])
    with open(tmp / "solution.csv", newline="") as file:
        rows = [(row["shift"], row["task"]) for row in csv.DictReader(file)
                if not row["task"].startswith(("tip:", "K"))]
    with open(tmp / "rounds.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["vehicle", "order", "container", "day"])
        out.writerows((shift, at, task, day) for at, (shift, task) in enumerate(rows))
    return tmp / "rounds.csv", rows, judged


def test_present_rounds_are_driven_as_they_are_beside_other_policies():
    with Scratch() as tmp:
        district = make_district(tmp, kerb_km=0)
        rounds, rows, judged = present_rounds(tmp, district)
        lines = [json.loads(line) for line in simulate(
            district, "--policy", "as_is,fill,fixed", "--rounds", rounds, "--sick", 0).splitlines()]
        assert [line["policy"] for line in lines] == ["as_is", "fill", "fixed"]
        as_is, fill = lines[:2]
        assert as_is["emptied"] == 4 * len(rows), (as_is, len(rows))
        assert as_is["shifts"] == 4 * judged["routes"], (as_is, judged)
        assert 0.75 * judged["km"] < as_is["km"] / 4 < 1.15 * judged["km"], (as_is, judged)
        assert as_is["cost"] > 0 and as_is["fill_at_emptying"] < fill["fill_at_emptying"]
        page = tmp / "worth.html"
        table = run(KERBSIDE, "simulate", district, "--days", 2, "--iterations", 30, "--policy",
                    "as_is,fill", "--rounds", rounds, "--page", page).stdout.decode().splitlines()
        assert [row.split()[0] for row in table[1:3]] == ["as_is", "fill"], table
        assert ">as_is</th>" in page.read_text()


def test_present_rounds_of_one_weekday_go_out_on_it_alone():
    with Scratch() as tmp:
        district = make_district(tmp, kerb_km=0)
        evening = datetime.date(2026, 11, 2)  # of make_district; a Monday
        rounds, rows, _ = present_rounds(tmp, district, day="wed")
        text = run(KERBSIDE, "simulate", district, "--policy", "as_is", "--rounds", rounds, "--days",
                   7).stdout.decode().splitlines()
        out = [night for night, row in enumerate(text[1:8]) if float(row.split()[1]) > 0]
        assert [(evening + datetime.timedelta(days=night)).weekday() for night in out] == [2], text


def test_rounds_that_cannot_be_read_or_driven_are_told():
    with Scratch() as tmp:
        district = make_district(tmp, kerb_km=0)
        run(KERBSIDE, "simulate", district, "--policy", "as_is", ok=(2,))
        rounds = tmp / "rounds.csv"
        for text, told in (("vehicle,order,container\nT99,1,C0001\n", "record 1, field vehicle: T99"),
                           ("vehicle,order,container\nT01,x,C0001\n", "record 1, field order: x"),
                           ("vehicle,order,container,day\nT01,1,C0001,someday\n", "expected mon to sun"),
                           ("vehicle,order\nT01,1\n", "no column container"),
                           ("vehicle,order,container\n", "no rows")):
            rounds.write_text(text)
            done = run(KERBSIDE, "simulate", district, "--policy", "as_is", "--rounds", rounds, ok=(1,))
            assert told in done.stderr.decode(), (told, done.stderr)
        rounds.write_text("vehicle,order,container\nT01,1,C0001\nT01,2,C9999\n")
        done = run(KERBSIDE, "simulate", district, "--policy", "as_is", "--rounds", rounds, "--days", 1,
                   "--json")
        assert b"of 2 rows passed over" in done.stderr, done.stderr


def test_seeds_and_policies_that_are_none_are_refused():
    with Scratch() as tmp:
        district = make_district(tmp)
        for words in (("--seeds", "1,,2"), ("--seeds", "a"), ("--seeds", "1,"), ("--seeds", ",".join("1" * 65)),
                      ("--policy", "fill,best"), ("--policy", "fill,"), ("--policy", "")):
            done = run(KERBSIDE, "simulate", district, *words, ok=(1, 2))
            assert done.returncode in (1, 2) and words[0].encode() in done.stderr, (words, done.stderr)


def test_without_rounds_nothing_is_emptied_and_the_service_falls():
    with Scratch() as tmp:
        district = make_district(tmp)
        never = json.loads(simulate(district, "--policy", "fill", "--sick", 0))
        late = json.loads(simulate(district, "--policy", "threshold", "--threshold", 1, "--sick", 0))
        assert late["overflows"] > never["overflows"]


def test_a_table_is_printed_for_people():
    with Scratch() as tmp:
        district = make_district(tmp)
        text = run(KERBSIDE, "simulate", district, "--days", 2, "--iterations", 30).stdout.decode()
        assert [line.split()[0] for line in text.splitlines()] == ["day", "1", "2", "total"], text


def test_an_unknown_policy_is_a_usage_error():
    with Scratch() as tmp:
        run(KERBSIDE, "simulate", make_district(tmp), "--policy", "guess", ok=(2,))


def test_reports_lists_every_sensor_worst_first_with_a_reason():
    with Scratch() as tmp:
        district = make_district(tmp, bins=400, kerb_km=0, days=28)
        got = json.loads(run(KERBSIDE, "reports", district, "--json").stdout)
        assert got["sensors"] == 400 and len(got["list"]) == 400
        assert sum(got["verdicts"].values()) == 400
        sick = [s for s in got["list"] if s["verdict"] != "ok"]
        assert len(sick) == got["in_doubt"] > 0
        assert got["list"][:len(sick)] == sick, "worst first"
        assert all(s["reason"] for s in sick)
        text = run(KERBSIDE, "reports", district).stdout.decode()
        assert all(s["container"] in text for s in sick)


def test_demand_is_measured_against_the_truth_and_appended():
    with Scratch() as tmp:
        make_district(tmp)
        folder = tmp / "true"
        run(BENCH, "make-district", tmp / "town.osm", "--bins", 600, "--kerb-km", 0, "--days", 28,
            "--seed", 5, "--truth", "yes", "-o", folder)
        out = tmp / "demand.csv"
        got = json.loads(run(BENCH, "demand", folder, "-o", out).stdout)
        now = json.loads(run(BENCH, "demand", folder, "--forecast", 2, "-o", out).stdout)
        assert 0.88 <= now["coverage_90"] <= 0.92 and now["sick_found"] == got["sick_found"], now
        assert got["sick"] > 10 and got["sick_found"] >= 0.8, got
        assert got["healthy_accused"] <= 0.02, got
        assert 0.86 <= got["coverage_90"] <= 0.94, got
        rows = list(csv.DictReader(out.open()))
        assert len(rows) == 26 and rows[0]["name"] == "sick_found", rows
        assert [row["policy"] for row in rows] == [""] * 13 + ["forecast_2"] * 13, rows
        assert {"full_expected", "full_seen", "full_missed"} <= {row["name"] for row in rows}


def test_habits_are_learnt_where_there_are_any():
    with Scratch() as tmp:
        make_district(tmp)
        folder = tmp / "habits"
        days = [f"2026-10-{day:02}" for day in (4, 8, 13, 20, 26, 29)]
        run(BENCH, "make-district", tmp / "town.osm", "--bins", 400, "--kerb-km", 0, "--days", 35, "--seed", 5,
            "--date", "2026-11-02", "--report-hours", 4, "--truth", "yes", "--holidays", ",".join(days),
            "--holiday-factor", 0.4, "--season", 0.2, "--drop-off", "yes", "--day-shape", "yes", "-o", folder)
        text = (folder / "district.yaml").read_text()
        assert f"holidays: [{','.join(days)}]" in text and 'drop_off: ["06:30-08:30"' in text, text
        second, third = (json.loads(run(BENCH, "demand", folder, "--forecast", way).stdout) for way in (2, 3))
        assert 0.87 <= third["coverage_90"] <= 0.94, (second, third)
        assert third["mean_miss"] < 0.8 * second["mean_miss"], (second, third)
        assert third["pinball"] < 0.8 * second["pinball"], (second, third)
        run(KERBSIDE, "validate", folder / "district.yaml")
        run(BENCH, "make-district", tmp / "town.osm", "--holidays", "Christmas", "-o", tmp / "none", ok=(2,))


if __name__ == "__main__":
    main(sys.modules[__name__])
