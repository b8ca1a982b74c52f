#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault a sensor can have, alone and all together: the plan comes out, each verdict and count is
right, nobody else is accused, and the container concerned is decided on all the same."""
import csv
import datetime
import json
import random
import re
import sys

from town import KERBSIDE, Scratch, main, make_district, run

AS_OF = datetime.datetime(2026, 11, 2, 19, 0)
STEP, DAYS = datetime.timedelta(hours=6), 28
HEAD = ["container_id", "measured", "fill_ratio", "lat", "lon"]


def history(name, rate, site):
    """Rows of a sound sensor: true fill and what it says, every six hours."""
    rng, level, rows = random.Random(name), 0.1, []
    at = AS_OF - datetime.timedelta(days=DAYS)
    while at <= AS_OF:
        said = min(1, max(0, level + rng.gauss(0, 0.01)))
        rows.append({"container_id": name, "measured": at.isoformat(), "fill_ratio": round(said, 2),
                     "lat": site["lat"], "lon": site["lon"]})
        level = 0.02 if level > 0.85 else level + rate / 4 * rng.uniform(0.8, 1.2)
        at += STEP
    return rows


def change(value_of):
    def apply(rows):
        return [{**row, "fill_ratio": round(value_of(at, row["fill_ratio"]), 2)} for at, row in enumerate(rows)]
    return apply


def lone(rows):
    at = next(at for at in range(len(rows) - 9, 0, -1)
              if max(row["fill_ratio"] for row in rows[at - 1:at + 2]) < 0.4)
    return rows[:at] + [{**rows[at], "fill_ratio": 1.0}] + rows[at + 1:]


def clock(rows):
    return rows[:-1] + [{**row, "measured": row["measured"].replace("2026", "2099")} for row in rows[-1:]] + rows[-1:]


def carried_off(rows):
    return rows[:-4] + [{**row, "lat": f"{float(row['lat']) + 0.01:.7f}"} for row in rows[-4:]]


N = 4 * DAYS + 1
# fault: what it does to the rows, the verdict
FAULTS = {
    "over range": (change(lambda at, said: 1.7 if at % 6 == 5 else said), "over range"),
    "blind zone": (change(lambda at, said: 1.0 if at % 8 == 3 and said < 0.6 else said), "wild"),
    "lone wild value": (lone, "ok"),
    "stuck": (change(lambda at, said: 0.41 if at > N // 2 else said), "stuck"),
    "silent": (lambda rows: rows[:-40], "silent"),
    "never full": (change(lambda at, said: min(said, 0.62)), "never full"),
    "inverse": (change(lambda at, said: 1 - said), "inverse"),
    "drift": (change(lambda at, said: min(1, said + 0.3) if at > N // 2 else said), "drift"),
    "duplicates": (lambda rows: [row for row in rows for _ in (0, 1)], "ok"),
    "clock": (clock, "ok"),
    "moved": (carried_off, "ok"),
    "nothing credible": (change(lambda at, said: 1.9), "not credible"),
}


class Night:
    def __init__(self, tmp, way=2):
        self.district = make_district(tmp, kerb_km=0)
        folder = self.district.parent
        text = re.sub(r"as_of: .*", f"as_of: {AS_OF.isoformat()}", self.district.read_text())
        self.district.write_text(text.replace("max_bad_ratio: 0.05", f"max_bad_ratio: 0.1, forecast: {way}"))
        sites = {row["site_id"]: row for row in csv.DictReader((folder / "sites.csv").open())}
        bins = list(csv.DictReader((folder / "containers.csv").open()))
        self.histories = {row["container_id"]: history(row["container_id"], 0.16 + 0.003 * at,
                                                       sites[row["site_id"]])
                          for at, row in enumerate(bins)}
        self.names = dict(zip(FAULTS, list(self.histories)[5:]))
        for row in bins:
            row["last_emptied"] = ""
        with (folder / "containers.csv").open("w", newline="") as file:
            out = csv.DictWriter(file, bins[0], lineterminator="\n")
            out.writeheader()
            out.writerows(bins)

    def write(self, faults):
        with (self.district.parent / "reports.csv").open("w", newline="") as file:
            out = csv.DictWriter(file, HEAD, lineterminator="\n")
            out.writeheader()
            for name, rows in self.histories.items():
                for fault in faults:
                    rows = FAULTS[fault][0](rows) if name == self.names[fault] else rows
                out.writerows(rows)

    def reports(self):
        return json.loads(run(KERBSIDE, "reports", self.district, "--json").stdout)

    def plan(self):
        out = self.district.parent / "plan.pb"
        run(KERBSIDE, "plan", self.district, "-o", out, "--iterations", 20, "--quiet", ok=(0, 5))
        run(KERBSIDE, "check", self.district, out)
        return out


def judge(night, faults):
    """The counts of a night with these faults, after its verdicts were looked at."""
    night.write(faults)
    told = night.reports()
    verdicts = {sensor["container"]: sensor["verdict"] for sensor in told["list"]}
    expected = {night.names[fault]: FAULTS[fault][1] for fault in faults}
    for name, verdict in verdicts.items():
        assert verdict == expected.get(name, "ok"), (faults, name, verdict)
    assert told["in_doubt"] == sum(verdict != "ok" for verdict in expected.values()), told["in_doubt"]
    assert len(told["moved"]) == ("moved" in faults), told["moved"]
    plan = night.plan()
    text = run(KERBSIDE, "show", plan).stdout.decode()
    for fault in faults:
        why = run(KERBSIDE, "show", plan, night.names[fault]).stdout.decode()
        assert night.names[fault] in why and "filling" in why, (fault, why)
    duplicates = re.search(r"(\d+) reports came more than once", text)
    return {"rejected": told["rejected"], "duplicates": int(duplicates.group(1)) if duplicates else 0,
            "reports": told["reports"]}


def test_each_fault_alone_and_all_together():
    with Scratch() as tmp:
        night = Night(tmp)
        sound = judge(night, [])
        assert (sound["rejected"], sound["duplicates"]) == (0, 0), sound
        alone = {fault: judge(night, [fault]) for fault in FAULTS}
        assert alone["duplicates"]["duplicates"] == N, alone["duplicates"]
        assert alone["lone wild value"]["rejected"] == 1, alone["lone wild value"]
        assert alone["over range"]["rejected"] == sum(at % 6 == 5 for at in range(N)), alone["over range"]
        assert alone["nothing credible"]["rejected"] == N, alone["nothing credible"]
        together = judge(night, list(FAULTS))
        third = judge(Night(tmp, 3), list(FAULTS))
        assert third == together, third
        for count in ("rejected", "duplicates"):
            assert together[count] == sum(each[count] for each in alone.values()), (count, together, alone)


def test_a_silent_container_is_served_when_its_interval_is_up():
    with Scratch() as tmp:
        night = Night(tmp)
        bins = night.district.parent / "containers.csv"
        name = night.names["silent"]
        bins.write_text(re.sub(rf"({name},.*),,[^,\n]*", r"\1,2026-10-30T01:00:00,3", bins.read_text()))
        assert f"{name}," in bins.read_text() and "2026-10-30T01:00:00,3" in bins.read_text()
        night.write(["silent"])
        why = run(KERBSIDE, "show", night.plan(), name).stdout.decode()
        assert "interval" in why or "must" in why, why


if __name__ == "__main__":
    main(sys.modules[__name__])
