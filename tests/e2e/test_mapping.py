#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables with names and units of their own: the same problem as with ours."""
import csv
import re
import shutil
import sys

from town import KERBSIDE, Scratch, main, make_district, run


def problem(district, tmp, ok=(0,)):
    run(KERBSIDE, "problem", district / "district.yaml", "-o", tmp / "problem.pb", ok=ok)
    return (tmp / "problem.pb").read_bytes()


def rewrite(path, change):
    rows = list(csv.DictReader(open(path, encoding="utf-8")))
    rows = [row for row in map(change, rows) if row]
    with open(path, "w", encoding="utf-8", newline="") as to:
        out = csv.DictWriter(to, list(rows[0]))
        out.writeheader()
        out.writerows(rows)


def set_table(district, name, entry):
    path = district / "district.yaml"
    text = path.read_text()
    changed = re.sub(rf"^  {name}: .*$", f"  {name}: {entry}", text, flags=re.M)
    assert changed != text
    path.write_text(changed)


def with_reports(district, fill_of):
    def change(row):
        row = dict(row)
        fill = row.pop("fill_ratio")
        return {"设备": row.pop("container_id"), "level": fill_of(float(fill)) if fill else "", **row}
    rewrite(district / "reports.csv", change)


def plain(district):
    """Only reports in range: the notes on others quote them as they stand."""
    rewrite(district / "reports.csv",
            lambda row: row if row["fill_ratio"] and 0 <= float(row["fill_ratio"]) <= 1 else None)
    rewrite(district / "containers.csv", lambda row: {**row, "depth_mm": "1250"})


def test_each_unit_and_other_names_make_the_same_problem():
    units = {"percent": lambda fill: f"{100 * fill:.6g}",
             "free_ratio": lambda fill: f"{1 - fill:.9g}",
             "free_percent": lambda fill: f"{100 - 100 * fill:.9g}",
             "distance_mm": lambda fill: f"{1250 - 1250 * fill:.9g}"}
    with Scratch() as tmp:
        ours = make_district(tmp).parent
        plain(ours)
        expected = problem(ours, tmp)
        for unit, fill_of in units.items():
            shutil.copytree(ours, tmp / unit)
            with_reports(tmp / unit, fill_of)
            set_table(tmp / unit, "reports", "{file: reports.csv, fill: %s, columns: {container_id: 设备, "
                      "fill_ratio: level}}" % unit)
            assert problem(tmp / unit, tmp) == expected, unit


def test_each_source_may_have_its_own_unit():
    units = {"acme": ("percent", lambda fill: f"{100 * fill:.6g}"),
             "depth": ("distance_mm", lambda fill: f"{1250 - 1250 * fill:.9g}"),
             "crew": ("ratio", lambda fill: f"{fill:.9g}")}
    with Scratch() as tmp:
        ours = make_district(tmp).parent
        plain(ours)
        names = sorted(units)

        def source_of(row):
            return names[int(row["container_id"][1:]) % 3]

        rewrite(ours / "reports.csv", lambda row: {**row, "source": source_of(row)})
        expected = problem(ours, tmp)
        shutil.copytree(ours, tmp / "mixed")
        rewrite(tmp / "mixed" / "reports.csv", lambda row: {
            **row, "fill_ratio": units[source_of(row)][1](float(row["fill_ratio"]))})
        set_table(tmp / "mixed", "reports",
                  "{file: reports.csv, fill: distance_mm, fill_by_source: {acme: percent, crew: ratio}}")
        assert problem(tmp / "mixed", tmp) == expected
        set_table(tmp / "mixed", "reports", "{file: reports.csv, fill_by_source: {acme: inches}}")
        done = run(KERBSIDE, "validate", tmp / "mixed" / "district.yaml", ok=(1,))
        assert b"fill_by_source.acme: inches, expected one of" in done.stderr + done.stdout, done.stderr


def test_a_unit_that_cannot_be_the_one_stops_and_shows_what_was_seen():
    with Scratch() as tmp:
        ours = make_district(tmp).parent
        plain(ours)
        for unit, scale in (("percent", 1), ("free_percent", 1), ("distance_mm", 0.00125)):
            shutil.copytree(ours, tmp / unit)
            with_reports(tmp / unit, lambda fill: f"{fill * scale:.6g}")
            set_table(tmp / unit, "reports", "{file: reports.csv, fill: %s, columns: {container_id: 设备, "
                      "fill_ratio: level}}" % unit)
            done = run(KERBSIDE, "plan", tmp / unit / "district.yaml", "-o", tmp / "plan.pb", ok=(1,))
            told = done.stderr.decode()
            assert f"stated as {unit} lie between" in told, told
            assert not (tmp / "plan.pb").exists()


def test_what_does_not_fit_is_named():
    with Scratch() as tmp:
        district = make_district(tmp).parent
        for entry, words in (
                ("{file: reports.csv, columns: {container: x}}",
                 "key tables.reports.columns.container: no column of this table, did you mean 'container_id'?"),
                ("{file: reports.csv, columns: {container_id: bin}}", "no column 'bin'"),
                ("{file: reports.csv, fill: inches}", "tables.reports.fill: inches, expected one of"),
                ("{file: reports.csv, fill: distance_mm}",
                 "expected depth_mm of its container, to make a fill of a distance")):
            set_table(district, "reports", entry)
            done = run(KERBSIDE, "validate", district / "district.yaml", ok=(1,))
            assert words in done.stderr.decode() + done.stdout.decode(), (words, done.stderr.decode())


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
