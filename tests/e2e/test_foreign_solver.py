#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A solver author's first hour, by docs/benchmark.md alone: export, solve, evaluate."""
import csv
import json
import shutil
import subprocess
import sys

from town import BENCH, SOURCE, Scratch, grid_town, main, run

SOLVER = SOURCE / "examples/solver"


def export_district(folder, bins=60):
    grid_town(folder / "town.osm")
    run(BENCH, "districts", folder / "town.osm", "--sizes", bins, "--seeds", 1, "-o", folder / "set")
    district = folder / f"set/town-n{bins}-s1/district.yaml"
    run(BENCH, "export", district, "-o", folder / "x")
    return district


def solve_in_python(folder):
    run(sys.executable, SOLVER / "nearest.py", folder / "x", folder / "py.csv")
    return folder / "py.csv"


def evaluate(problem, solution, *more, ok=(0,)):
    """The lines before the verdict, and the verdict."""
    *faults, last = run(BENCH, "evaluate", problem, solution, *more, ok=ok).stdout.decode().splitlines()
    return faults, json.loads(last)


def test_both_skeletons_give_the_same_solution_and_it_is_priced():
    with Scratch() as folder:
        district = export_district(folder)
        solution = solve_in_python(folder)
        compiler = shutil.which("cc") or shutil.which("gcc")
        assert compiler, "no C compiler"
        run(compiler, "-O2", "-o", folder / "nearest", SOLVER / "nearest.c")
        assert run(folder / "nearest", folder / "x").stdout == solution.read_bytes()
        faults, verdict = evaluate(district, solution, "-o", folder / "plan.pb")
        assert faults == [] and verdict["feasible"] and verdict["left_out"] == 0, verdict
        assert (folder / "plan.pb").stat().st_size > 0
        again = evaluate(folder / "x/problem.pb", solution, "--roads", folder / "town.osm")
        assert again == ([], verdict)


def test_nothing_served_costs_the_prizes():
    with Scratch() as folder:
        district = export_district(folder, 20)
        (folder / "none.csv").write_text("shift,task,mode\n")
        _, verdict = evaluate(district, folder / "none.csv")
        with open(folder / "x/tasks.csv", newline="") as file:
            tasks = list(csv.DictReader(file))
        assert round(verdict["cost"] * 1e9) == sum(int(task["prize_nano"]) for task in tasks)
        assert verdict["left_out"] == len(tasks)
        assert verdict["musts_left_out"] == sum(task["must"] == "1" for task in tasks)


def corrupt(rows):
    """Name, rows, and what the one line about it must say."""
    first = rows[0]
    shift = [row for row in rows if row[0] == first[0]]
    rest = [row for row in rows if row[0] != first[0]]
    tasks = [row for row in shift if not row[1].startswith("tip:")]
    yield "nothing", rows, None
    yield "no tip at the end", [row for row in shift if row in tasks] + rest, "the route ends loaded"
    yield "served twice", tasks[:1] + shift + rest, f"task {first[1]}: served 2 times"
    yield "too much", tasks * 40 + shift[-1:] + rest, "load "
    sweeper = next((row for row in rows if row[1].startswith("K")), None)
    assert sweeper, "the town has kerbs"
    yield "a truck sweeps", [[first[0], sweeper[1], 0]] + shift + [
        row for row in rest if row[1] != sweeper[1]], "this shift cannot do that by this mode"


def test_each_rule_that_is_broken_is_named_with_its_stop():
    with Scratch() as folder:
        district = export_district(folder)
        with open(solve_in_python(folder), newline="") as file:
            head, *rows = list(csv.reader(file))
        for name, broken, says in corrupt(rows):
            with open(folder / "broken.csv", "w", newline="") as file:
                csv.writer(file).writerows([head, *broken])
            faults, verdict = evaluate(district, folder / "broken.csv", ok=(6,) if says else (0,))
            assert (says is None) == verdict["feasible"], name
            assert verdict["violations"] == len(faults), name
            assert not says or any(says in fault for fault in faults), (name, faults)


def test_a_stop_that_is_late_is_named_with_both_times():
    with Scratch() as folder:
        district = export_district(folder)
        solution = solve_in_python(folder).read_text().splitlines()
        with open(folder / "x/modes.csv", newline="") as file:
            windows = {row["task"]: int(row["close_ms"]) for row in csv.DictReader(file)
                       if row["mode"] == "0"}
        earliest = min((ms, task) for task, ms in windows.items())
        row = next(line for line in solution if f",{earliest[1]}," in line)
        shift = row.split(",")[0]
        of_shift = [line for line in solution if line.startswith(shift + ",") and line != row]
        others = [line for line in solution[1:] if not line.startswith(shift + ",")]
        last = len(of_shift) - 1
        text = "\n".join([solution[0], *of_shift[:last], *[of_shift[last]] * 30, row, of_shift[last], *others])
        (folder / "late.csv").write_text(text + "\n")
        faults, _ = evaluate(district, folder / "late.csv", ok=(6,))
        assert any(f"({earliest[1]}): reached at " in fault and f"at the latest {earliest[0]} ms" in fault
                   for fault in faults), faults


def test_a_file_that_names_what_is_not_there_is_refused_by_record_and_field():
    with Scratch() as folder:
        district = export_district(folder, 20)
        for text, says in (("shift,task\n", "no column mode"),
                           ("shift,task,mode\nX9,C0001,0\n", "record 1, field shift: X9"),
                           ("shift,task,mode\nTS01,C9999,0\n", "record 1, field task: C9999"),
                           ("shift,task,mode\nTS01,tip:D1,0\n", "record 1, field task: tip:D1"),
                           ("shift,task,mode\nTS01,tip:TS1,77\n", "record 1, field task: tip:TS1"),
                           ("shift,task,mode\nTS01,tip:TS1,-1\n", "record 1, field mode: -1"),
                           ("shift,task,mode\nTS01,tip:TS1,0\nTS02,tip:TS1,0\nTS01,tip:TS1,0\n",
                            "record 3, field shift: TS01")):
            (folder / "bad.csv").write_text(text)
            done = subprocess.run([BENCH, "evaluate", district, folder / "bad.csv"], capture_output=True)
            assert done.returncode == 1 and says in done.stderr.decode(), (text, done.stderr)


if __name__ == "__main__":
    if not BENCH.exists():
        print(f"no {BENCH}")
        sys.exit(77)
    main(sys.modules[__name__])
