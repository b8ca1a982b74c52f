#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Odd nights and a hostile machine: nothing to do, nobody to do it, silent sensors, clocks put back,
full disks, closed pipes, signals."""
import datetime
import json
import re
import signal
import subprocess
import sys
import time

from town import KERBSIDE, Scratch, main, make_district, run

FAST = ("--iterations", 50, "--quiet")


def edit(path, change):
    before = path.read_text()
    after = change(before)
    assert before != after, "the edit changed nothing"
    path.write_text(after)


def planned(district, *more, ok=(0,)):
    """Plans, checks, and returns the summary's lines."""
    out = district.parent / "plan.pb"
    done = run(KERBSIDE, "plan", district, "-o", out, *FAST, *more, ok=ok)
    if done.returncode in (0, 4, 5):
        inputs = [m for m in more if m == "--tonight" or str(m).endswith("tonight.yaml")]
        run(KERBSIDE, "check", district, out, *inputs)
        return run(KERBSIDE, "show", out).stdout.decode().splitlines()
    assert not out.exists()
    return done.stderr.decode().splitlines()


def with_tonight(text, ok):
    with Scratch() as tmp:
        district = make_district(tmp)
        (tmp / "tonight.yaml").write_text(text)
        return planned(district, "--tonight", tmp / "tonight.yaml", ok=ok)


# ---- odd nights --------------------------------------------------------------------------------


def test_a_night_with_nothing_to_do_gives_an_empty_checked_plan():
    skip = "".join(f"containers_skipped: [{', '.join(f'C{n:04d}' for n in range(1, 61))}]\n")
    with Scratch() as tmp:
        district = make_district(tmp)
        edit(district, lambda text: text.replace("  kerbs: kerbs.csv\n", ""))
        (tmp / "tonight.yaml").write_text(skip)
        lines = planned(district, "--tonight", tmp / "tonight.yaml")
        assert any("0 routes, 0 served" in line for line in lines), lines


def test_a_night_without_vehicles_is_infeasible_and_says_why():
    lines = with_tonight("vehicles_out: [T01, T02, T03, T04, T05, T06, W01, W02]\n", (3,))
    assert len(lines) == 1 and "no vehicle can work tonight" in lines[0], lines


def test_a_tonight_file_with_only_comments_orders_nothing():
    with_tonight("# a quiet night\n", (0, 5))
    with_tonight("", (0, 5))


def test_every_kind_of_order_is_echoed():
    lines = with_tonight('vehicles_out: [T02]\nshifts_out: [TS04]\ncontainers_forced: [C0002]\n'
                         'closed: [{way: 200005, note: "works"}]\n'
                         'facility_hours: [{id: TS1, hours: ["21:00-23:00"]}]\n'
                         'starting_loads: [{shift: TS01, kg: [1200]}]\n', (0, 5))
    text = "\n".join(lines)
    for words in ("vehicle T02 is out", "shift TS04", "C0002 is emptied", "200005 is closed: works",
                  "TS1 is open 21:00-23:00", "1200 kg"):
        assert words in text, (words, text)


def test_silent_sensors_are_the_first_thing_said():
    with Scratch() as tmp:
        district = make_district(tmp)
        edit(district, lambda text: text.replace("2026-11-02", "2026-11-25"))
        first = planned(district, ok=(5,))[0]
        assert first.startswith("DEGRADED") and "60 of 60 sensors" in first, first


def test_containers_without_sensors_are_planned_by_rates_and_nothing_is_degraded():
    with Scratch() as tmp:
        district = make_district(tmp)
        edit(district, lambda text: re.sub(r"  reports: .*\n", "", text))
        lines = planned(district, ok=(0, 5))
        assert "sensors in doubt" not in lines[0], lines[0]
        assert any("no fill reports: all 60 containers" in line for line in lines), lines
        told = json.loads(run(KERBSIDE, "reports", district, "--json").stdout)
        assert (told["sensors"], told["in_doubt"], told["never_reported"]) == (0, 0, 60), told
        assert len(told["list"]) == 60 and told["list"][0]["verdict"] == "no reports"


def test_half_the_containers_without_a_sensor_is_no_fault():
    with Scratch() as tmp:
        district = make_district(tmp)
        reports = district.parent / "reports.csv"
        rows = reports.read_text().splitlines(keepends=True)
        reports.write_text("".join(row for row in rows if not re.match(r"C00[0-2]", row)))
        lines = planned(district, ok=(0, 5))
        assert "sensors in doubt" not in lines[0], lines[0]
        assert any("29 of 60 containers without a report" in line for line in lines), lines


def test_a_table_of_reports_without_any_degrades_the_night():
    with Scratch() as tmp:
        district = make_district(tmp)
        reports = district.parent / "reports.csv"
        reports.write_text(reports.read_text().splitlines(keepends=True)[0])
        first = planned(district, ok=(5,))[0]
        assert first.startswith("DEGRADED") and "not one fill report" in first, first


def test_only_kerbs_or_only_containers_make_a_district():
    for tables in (r"  (sites|containers|reports): .*\n", r"  kerbs: .*\n"):
        with Scratch() as tmp:
            district = make_district(tmp)
            edit(district, lambda text: re.sub(tables, "", text))
            planned(district, ok=(0, 5))


def night_of(zone, day):
    """Plans a night in a zone; every stop lies in its shift by the local clock of the summary."""
    with Scratch() as tmp:
        district = make_district(tmp)
        edit(district, lambda text: re.sub(r"time_zone: .*", f"time_zone: {zone}", text))
        moved = (datetime.date.fromisoformat(day) - datetime.date(2026, 11, 2)).days

        def move(match):
            return str(datetime.date.fromisoformat(match.group()) + datetime.timedelta(days=moved))

        for path in (district, district.parent / "reports.csv", district.parent / "containers.csv"):
            path.write_text(re.sub(r"\d{4}-\d\d-\d\d(?=[T\n])", move, path.read_text()))
        planned(district, ok=(0, 5))


def test_nights_on_which_the_clock_changes_are_planned_and_checked():
    night_of("America/Los_Angeles", "2026-10-31")
    night_of("Europe/Lisbon", "2027-03-27")


# ---- outputs -----------------------------------------------------------------------------------


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_an_output_that_cannot_be_written_is_refused_before_the_work():
    with Scratch() as tmp:
        district = make_district(tmp)
        before = names(tmp)
        for more in (("-o", tmp / "no" / "plan.pb"), ("-o", tmp / "district"),
                     ("-o", tmp / "plan.pb", "--geojson", tmp / "no" / "x.geojson"),
                     ("-o", tmp / "plan.pb", "--svg", tmp / "no" / "x.svg")):
            done = run(KERBSIDE, "plan", district, *more, "--time", "60s", ok=(1,))
            assert b"cannot be written" in done.stderr and len(done.stderr.splitlines()) == 1
            assert names(tmp) == before


def test_two_outputs_in_one_place_are_a_usage_error():
    with Scratch() as tmp:
        district = make_district(tmp)
        run(KERBSIDE, "plan", district, "-o", "-", "--geojson", "-", *FAST, ok=(2,))
        run(KERBSIDE, "plan", district, "-o", district, *FAST, ok=(2,))
        run(KERBSIDE, "plan", district, "--time", "1s", *FAST, ok=(2,))
        assert "schema_version" in district.read_text()


def test_a_full_disk_leaves_nothing():
    with Scratch() as tmp:
        district = make_district(tmp)
        before = names(tmp)
        done = run("bash", "-c", f"ulimit -f 4; '{KERBSIDE}' plan '{district}' -o '{tmp}/plan.pb' "
                   "--iterations 50 --quiet", ok=(1,))
        assert b"writing failed" in done.stderr, done.stderr
        assert names(tmp) == before


def test_a_closed_pipe_and_a_full_device_are_failures():
    with Scratch() as tmp:
        district = make_district(tmp)
        run(KERBSIDE, "plan", district, "-o", tmp / "plan.pb", *FAST, ok=(0, 5))
        for words in (f"plan '{district}' -o - --iterations 50 --quiet",
                      f"plan '{district}' --iterations 50", f"show '{tmp}/plan.pb'",
                      f"check '{district}' '{tmp}/plan.pb'", f"map '{tmp}/plan.pb'"):
            done = run("bash", "-c", f"'{KERBSIDE}' {words} >/dev/full", ok=(1,))
            assert b"standard output" in done.stderr, (words, done.stderr)
        run("bash", "-c", f"'{KERBSIDE}' plan '{district}' -o - --iterations 50 --quiet | true; "
            "exit ${PIPESTATUS[0]}", ok=(0, 1, 5))


def test_a_picture_needs_an_ending_that_says_its_kind():
    with Scratch() as tmp:
        district = make_district(tmp)
        run(KERBSIDE, "plan", district, "-o", tmp / "plan.pb", *FAST, ok=(0, 5))
        run(KERBSIDE, "map", tmp / "plan.pb", "-o", tmp / "x.png", ok=(2,))
        assert not (tmp / "x.png").exists()
        run(KERBSIDE, "map", tmp / "plan.pb", "-o", tmp / "x.svg")


def test_a_message_that_is_none_is_refused_by_its_name():
    with Scratch() as tmp:
        (tmp / "text.pb").write_text("hi\n")
        for verb in ("show", "plan", "validate"):
            done = run(KERBSIDE, verb, tmp / "text.pb", ok=(1,))
            assert done.stderr.count(b"text.pb") == 1, done.stderr
        assert b"directory" in run(KERBSIDE, "plan", tmp, ok=(1,)).stderr


# ---- signals -----------------------------------------------------------------------------------


def test_a_signal_at_any_moment_ends_soon_with_a_checked_plan_or_none():
    with Scratch() as tmp:
        district = make_district(tmp, bins=400, kerb_km=8)
        for delay_s, number in ((0.02, signal.SIGINT), (0.3, signal.SIGTERM), (0.8, signal.SIGINT),
                                (1.6, signal.SIGTERM), (3.2, signal.SIGINT)):
            out = tmp / "plan.pb"
            child = subprocess.Popen([str(KERBSIDE), "plan", str(district), "-o", str(out), "--quiet",
                                      "--time", "300s"], stdout=subprocess.DEVNULL)
            time.sleep(delay_s)
            child.send_signal(number)
            code = child.wait(timeout=60)
            # Before main has begun, nobody can catch the signal: its shell says 130 or 143.
            assert code in (4, 130, -number), (delay_s, code)
            assert out.exists() == (code == 4)
            assert not [name for name in names(tmp) if "part" in name]
            if code == 4:
                run(KERBSIDE, "check", district, out)
                assert json.loads(run(KERBSIDE, "show", out, "--json").stdout)["stopped"]
                out.unlink()


if __name__ == "__main__":
    main(sys.modules[__name__])
