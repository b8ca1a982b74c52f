#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A night re-planned by the command: a truck down, orders, nothing at all; judged by `check`."""
import sys

from town import KERBSIDE, Scratch, main, make_district, run


def plan(tmp):
    district = make_district(tmp)
    run(KERBSIDE, "plan", district, "--iterations", 400, "-o", tmp / "plan.pb", "--quiet", ok=(0, 5))
    return district


def replan(district, tmp, events, name="new"):
    (tmp / "events.yaml").write_text("as_of: 21:30\n" + events)
    done = run(KERBSIDE, "replan", district, tmp / "plan.pb", tmp / "events.yaml", "-o", tmp / f"{name}.pb",
               "--problem", tmp / f"{name}-rest.pb", "--iterations", 200, ok=(0, 5))
    run(KERBSIDE, "check", tmp / f"{name}-rest.pb", tmp / f"{name}.pb", "--roads", tmp / "town.osm")
    return done.stdout.decode()


def vehicles(path):
    """Vehicle and shift of each route, from the text a person reads."""
    lines = run(KERBSIDE, "show", path).stdout.decode().splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("Routes"))
    rows = [line.split() for line in lines[start + 2:]]
    return [row[1] for row in rows[:next(at for at, row in enumerate(rows) if row[:1] == ["in"])]]


def test_a_truck_that_broke_down_serves_nothing_more_and_the_plan_is_accepted():
    with Scratch() as tmp:
        district = plan(tmp)
        truck = vehicles(tmp / "plan.pb")[0]
        events = "events:\n  - {what: vehicle_down, vehicle: %s}\n" % truck
        said = replan(district, tmp, events)
        assert "none: not out any more" in said, said
        assert truck not in vehicles(tmp / "new.pb"), vehicles(tmp / "new.pb")
        again = replan(district, tmp, events, "again")
        assert (tmp / "new.pb").read_bytes() == (tmp / "again.pb").read_bytes()
        assert said.splitlines()[:5] == again.splitlines()[:5]


def test_without_an_event_nothing_changes():
    with Scratch() as tmp:
        district = plan(tmp)
        said = replan(district, tmp, "events: []\n")
        assert set(vehicles(tmp / "new.pb")) <= set(vehicles(tmp / "plan.pb"))
        assert " to " not in said or "moved" not in said, said


def test_a_night_with_breaks_stays_and_loses_nothing():
    with Scratch() as tmp:
        district = make_district(tmp)
        text = district.read_text()
        district.write_text(text.replace("regular_h: 7", "regular_h: 7, breaks: "
                                         "[{duration_min: 20, after_work_h: 0.5}]"))
        assert district.read_text() != text
        run(KERBSIDE, "plan", district, "--iterations", 400, "-o", tmp / "plan.pb", "--quiet", ok=(0, 5))
        assert "break" in run(KERBSIDE, "show", tmp / "plan.pb").stdout.decode()
        said = replan(district, tmp, "events: []\n")
        assert "0 stops to another shift, 0 new, 0 left out" in said, said


def test_events_that_make_no_sense_are_named():
    with Scratch() as tmp:
        district = plan(tmp)
        for events, words in (("events:\n  - {what: exploded, vehicle: T01}\n", "exploded"),
                              ("events:\n  - {what: vehicle_down, vehicle: NOBODY}\n", "NOBODY"),
                              ("events: 7\n", "events")):
            (tmp / "events.yaml").write_text("as_of: 21:30\n" + events)
            done = run(KERBSIDE, "replan", district, tmp / "plan.pb", tmp / "events.yaml", "-o",
                       tmp / "new.pb", ok=(1,))
            assert words in done.stderr.decode(), done.stderr.decode()
            assert not (tmp / "new.pb").exists()


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
