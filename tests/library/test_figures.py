#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A night of 300 tasks by the library (examples/nightly.c) and by the command: the same bytes, within
200 MB, and a call costs no more than the command does. With the name of a file the figures are
written to it, with an extract behind it they are of that city (./dev library-figures EXTRACT)."""
import csv
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))
from town import BUILD, KERBSIDE, Scratch, grid_town, make_district, plan_message, run  # noqa: E402

MOST_MB, N_TASKS, N_ITERATIONS, N_RUNS = 200, 300, 2000, 3
MUST, MAY = 3, 2
if "KERB_SANITIZE:STRING=\n" not in (BUILD / "CMakeCache.txt").read_text():
    print("SKIPPED: sanitized programs need more of everything")
    sys.exit(77)


def measured(*words):
    """CPU seconds and MB at the peak of a command that must succeed."""
    child = os.posix_spawn(words[0], [str(word) for word in words], os.environ,
                           file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    _, state, used = os.wait4(child, 0)
    assert os.waitstatus_to_exitcode(state) in (0, 5), words
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def least(runs):
    return tuple(map(min, zip(*runs)))


def main():
    target, extract = (sys.argv[1:] + [None, None])[:2]
    with Scratch() as tmp:
        if not extract:
            extract = tmp / "town.osm"
            grid_town(extract, rows=30, columns=30)
        district = make_district(tmp, bins=360, kerb_km=6, extract=extract)
        run(KERBSIDE, "problem", district, "-o", tmp / "night.pb")
        command = [KERBSIDE, "plan", tmp / "night.pb", "--roads", extract, "--iterations", N_ITERATIONS, "--seed", 1,
                   "--quiet", "-o", tmp / "command.pb"]
        by = {"library": [], "command": []}
        for _ in range(N_RUNS):  # in turn: whatever else the machine does meets both
            by["library"].append(measured(BUILD / "nightly", extract, tmp, tmp / "night.pb"))
            by["command"].append(measured(*command))
        if target:  # the pool of routes grows as long as the search goes on
            by["command, 60 s"] = [measured(*command[:5], "--time", "60s", "--quiet", "-o", tmp / "long.pb")]
        assert (tmp / "night.plan.pb").read_bytes() == (tmp / "command.pb").read_bytes()
        plan = plan_message().FromString((tmp / "command.pb").read_bytes())
        n_tasks = sum(one.choice in (MUST, MAY) for one in plan.decisions)
        rows = [(who, n_tasks, "" if "60 s" in who else N_ITERATIONS, *least(runs)) for who, runs in by.items()]
    for who, tasks, n, cpu_s, peak_mb in rows:
        print(f"{who}: {tasks} tasks, {n} iterations, {cpu_s:.2f} CPU s, {peak_mb:.0f} MB at the peak")
        assert peak_mb <= MOST_MB, rows
    assert n_tasks >= N_TASKS, n_tasks
    (_, _, _, library_s, library_mb), (_, _, _, command_s, command_mb) = rows[:2]
    assert library_s <= 1.1 * command_s and library_mb <= command_mb, rows
    if target:
        with open(target, "w", newline="", encoding="utf-8") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(("by", "tasks", "iterations", "cpu_s", "peak_mb"))
            out.writerows((who, tasks, n, f"{cpu_s:.3f}", f"{peak_mb:.1f}") for who, tasks, n, cpu_s, peak_mb in rows)


main()
