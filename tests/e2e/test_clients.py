#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The C example and the clients in Python and Go do what they say; foreign solutions are priced."""
import csv
import json
import os
import shutil
import subprocess
import sys

from town import BENCH, BUILD, KERBSIDE, SOURCE, Scratch, main, make_district, run


def test_the_c_example_plans_in_memory():
    text = run(BUILD / "dispatch").stdout.decode()
    assert "A1:" in text and "C1:" in text, text


def test_the_python_client_gets_a_plan_through_pipes():
    done = subprocess.run([sys.executable, str(SOURCE / "examples/python/plan_client.py")],
                          env=dict(os.environ, KERBSIDE=str(KERBSIDE)), capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert done.stdout, "no routes printed"


def test_the_go_client_gets_a_plan_through_pipes():
    with Scratch() as tmp:
        if not shutil.which("go") or not shutil.which("protoc-gen-go"):
            print("SKIPPED: no Go compiler, or no protoc-gen-go")
            return
        run(SOURCE / "examples/go/build", tmp / "plan_client")
        text = run(tmp / "plan_client", KERBSIDE).stdout.decode()
        assert "H1 V1: " in text and "left: S3-food: fill_below_may" in text, text


def test_an_exported_district_can_be_solved_by_others_and_is_priced():
    with Scratch() as tmp:
        district = make_district(tmp, bins=30, kerb_km=1)
        run(BENCH, "export", district, "-o", tmp / "x")
        tasks = list(csv.DictReader((tmp / "x" / "tasks.csv").open()))
        types = list(csv.DictReader((tmp / "x" / "types.csv").open()))
        tips = list(csv.DictReader((tmp / "x" / "tips.csv").open()))
        rows, used = ["shift,task,mode"], set()
        for task in tasks:  # one task a shift: poor, but feasible
            for kind in task["types"].split():
                shift = next((s for s in types[int(kind)]["shifts"].split() if s not in used), None)
                if shift is None:
                    continue
                used.add(shift)
                tip = next(t for t in tips if t["type"] == kind)
                rows += [f"{shift},{task['task']},0", f"{shift},tip:{tip['facility']},{tip['tip']}"]
                break
        (tmp / "s.csv").write_text("\n".join(rows) + "\n")
        done = run(BENCH, "evaluate", district, tmp / "s.csv", "-o", tmp / "p.pb", ok=(0, 6, 1))
        verdict = done.stdout.decode().strip().splitlines()
        assert verdict, done.stderr
        if done.returncode == 0:
            assert json.loads(verdict[-1])["feasible"] is True
            run(KERBSIDE, "check", district, tmp / "p.pb")
        text = district.read_text()
        assert "bays: 2" in text
        district.write_text(text.replace("bays: 2", "bays: 1"))  # everybody waits for one bay
        waited = run(BENCH, "evaluate", district, tmp / "s.csv", "-o", tmp / "p.pb", ok=(0, 6))
        if waited.returncode == 0:
            assert json.loads(waited.stdout)["hours"] >= json.loads(verdict[-1])["hours"]
            run(KERBSIDE, "check", district, tmp / "p.pb")
        district.write_text(text.replace("bays: 2", "cap_tonnes: 0.001"))
        run(BENCH, "export", district, "-o", tmp / "y")
        rooms = [r["room_g"] for r in csv.DictReader((tmp / "y" / "facilities.csv").open())]
        assert "1000" in rooms, rooms
        full = run(BENCH, "evaluate", district, tmp / "s.csv", ok=(6,)).stdout.decode()
        assert "g less than all routes tip there" in full, full
        district.write_text(text)
        rows.append(rows[1])
        (tmp / "s.csv").write_text("\n".join(rows) + "\n")
        run(BENCH, "evaluate", district, tmp / "s.csv", ok=(1, 6))


if __name__ == "__main__":
    main(sys.modules[__name__])
