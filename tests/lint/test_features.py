#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""solver/model/features.def has no hole: what each cell names is there. And what is there is in the
table: features of messages, reasons. The test tests itself: a hole in any column is found."""
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(os.environ.get("KERBSIDE_SOURCE", pathlib.Path(__file__).parents[2]))
COLUMNS = ["rule", "feature", "search", "checker", "bound", "reason", "district", "message", "test"]
ROW = re.compile(r"^KI_(RULE|INPUT)\((.*?)\)\n(?=\n|KI_|$)", re.S | re.M)
NOT_TASKS = {"events"}  # of an Execution message


def read(*patterns):
    paths = sorted(path for pattern in patterns for path in ROOT.glob(pattern))
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def rows(table):
    found = []
    for kind, inside in ROW.findall(re.sub(r"/\*.*?\*/", "", table, flags=re.S)):
        cells = [cell.strip().strip('"') for cell in inside.replace("\n", " ").split(",")]
        cells = [re.sub(r'"\s+"', "", cell) for cell in cells]
        found.append((kind, cells))
    return found


class Sources:
    def __init__(self):
        engine = read("solver/search/*.[ch]", "solver/haul/*.[ch]", "solver/route/*.[ch]", "solver/model/*.[ch]",
                      "solver/road/*.[ch]")
        name = r"^(?:static inline )?[a-z_0-9 ]+[ *](ki_\w+)\("
        self.functions = set(re.findall(name, engine, re.M))
        self.judges = set(re.findall(name, read("solver/plan/check*.c"), re.M))
        bound = read("solver/master/bound.c").replace("\\\n", "\n")
        self.scope = re.sub(r'"\s*"', "", bound).replace("\n", " ")
        self.reasons_of_plans = set(re.findall(r'"(left_out_\w+)"', read("solver/plan/*.c")))
        decide = read("solver/model/decide.c")
        cannots = re.search(r"CANNOT_REASONS\[.*?\{(.*?)\}", decide, re.S).group(1)
        of_piles = re.findall(r'reason = "(\w+)"', read("solver/haul/*.c"))
        self.reasons = self.reasons_of_plans | set(re.findall(r'"(\w+)"', cannots)) | set(of_piles)
        messages = (ROOT / "docs/messages.md").read_text(encoding="utf-8")
        self.documented = set(re.findall(r"`(\w+)`", messages))
        self.features = set()
        for line in messages.split("\n"):
            if line.startswith("| `") and line.endswith("| yes |"):
                self.features |= set(re.findall(r"`(\w+)`", line.split("|")[1])) - NOT_TASKS
        keys = (ROOT / "docs/district-file.md").read_text(encoding="utf-8")
        self.keys = set(re.findall(r"^\| `([^`]+)` \|", keys, re.M)) | {"message only"}
        schema = (ROOT / "tests/data/messages/schema_v1.txt").read_text(encoding="utf-8")
        self.fields = set(re.findall(r"^kerbside\.v1\.(\w+\.\w+) =", schema, re.M))
        self.examples = {path.parent.name for path in ROOT.glob("tests/data/rules/*/expected.txt")}
        self.tests = set(re.findall(r"^static void (\w+)\(void \*\*state\)",
                                    read("tests/*/test_*.c"), re.M))


def faults_of(table, at):
    faults, features, reasons, names = [], set(), set(), set()
    for kind, cells in rows(table):
        if kind == "INPUT":
            features.add(cells[0])
            continue
        if len(cells) != len(COLUMNS):
            faults.append(f"{cells[0]}: {len(cells)} cells, expected {len(COLUMNS)}")
            continue
        row = dict(zip(COLUMNS, cells))
        features.add(row["feature"])
        reasons.add(row["reason"])
        names.add(row["rule"])
        checks = {
            "feature": row["feature"] in at.features,
            "search": row["search"] in at.functions,
            "checker": row["checker"] in at.judges,
            "bound": row["bound"] == "exact" or len(row["bound"]) > 10 and row["bound"] in at.scope,
            "reason": row["reason"] in at.reasons and row["reason"] in at.documented,
            "district": row["district"] in at.keys,
            "message": row["message"] in at.fields,
            "test": row["test"] in at.tests,
            "rule": row["rule"] in at.examples,  # tests/data/rules, run by tests/rules
        }
        faults += [f"{row['rule']}, {column}: {row[column] or 'nothing'}, which is not there"
                   for column, there in checks.items() if not there]
    faults += [f"feature {name} of docs/messages.md has no row" for name in
               sorted(at.features - features)]
    faults += [f"reason {name} has no row" for name in
               sorted(at.reasons_of_plans - reasons - {"left_out_search"})]
    if len(names) < 10:
        faults.append(f"{len(names)} rows, expected at least 10: can the table be read?")
    return faults


def holes_missed(table, at):
    """Each cell of a few rows is emptied in turn: each must be found."""
    missed = []
    for rule in ("breaks", "bays", "windows"):
        start = table.index(f"KI_RULE({rule},")
        end = table.index(")\n", start)
        cells = re.findall(r'"[^"]*"', table[start:end])
        for number, cell in enumerate(cells):
            at_cell = table.index(cell, start)
            broken = table[:at_cell] + '""' + table[at_cell + len(cell):]
            if not any(fault.startswith(f"{rule}, ") for fault in faults_of(broken, at)):
                missed.append(f"a hole in {rule}, {COLUMNS[number + 1]} is not found")
    return missed


def main():
    table = (ROOT / "solver/model/features.def").read_text(encoding="utf-8")
    at = Sources()
    faults = faults_of(table, at) + holes_missed(table, at)
    for fault in faults:
        print(fault)
    print(f"{len(rows(table))} rows, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
