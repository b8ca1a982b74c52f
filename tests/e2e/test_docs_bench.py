#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands in the documents of kerbside-bench and of the clients in other languages, run as
test_docs.py runs the others: every ```sh block, in its order. What takes hours is made small, word for
word otherwise: districts of 40 bins, one seed, a second each, one simulated night."""
import csv
import io
import re
import shutil
import subprocess
import sys

import test_docs
from town import BUILD, DATA, SOURCE, Scratch, main

EXTRACTS = ("guixi", "porto")
BEST = "guixi-n100-s1"


def at_most(name, most, command):
    return re.sub(rf"(--{name}) (\d+)", lambda found: f"{found[1]} {min(int(found[2]), most)}", command)


def shortened(command):
    if command.startswith(("kerbside-bench contest", "kerbside-bench districts")):
        command += " --seeds 1"
        command = re.sub(r"--seeds [\d,]+(?=.* --seeds)", "", command, flags=re.S)
    if command.startswith("kerbside-bench districts"):
        command = re.sub(r"  *#.*?(?= --seeds)", "", command) + " --sizes 100"
        command = re.sub(r"--sizes [\d,]+(?=.* --sizes)", "", command)
    for name, most in (("bins", 20), ("time", 1), ("bound-time", 1), ("iterations", 5), ("settle", 0)):
        command = at_most(name, most, command)
    if "demand_rows.py" in command:
        command = re.sub(r" --(policies|seeds) \S+", "", command) + " --policies fill,fixed_tuned_2 --seeds 1 --sick 0"
    command = at_most("days", 14 if "make-district" in command else 1, command)
    # Its map comes from a registry: another district stands in.
    return command.replace("examples/district/district.yaml", "porto-300/district.yaml")


def only_row(text, district):
    head, *rows = csv.reader(io.StringIO(text))
    return "\n".join(",".join(row) for row in [head] + [row for row in rows if row[0] == district]) + "\n"


def measurers_folder(folder):
    """Extracts, the tables handed in, a solver: what the documents take for granted."""
    (folder / "DATA/osm").mkdir(parents=True)
    for name in EXTRACTS:
        (folder / f"{name}.osm.pbf").symlink_to((DATA / f"osm/{name}.osm.pbf").resolve())
    (folder / "city.osm.pbf").symlink_to((DATA / "osm/porto.osm.pbf").resolve())
    test_docs.stand_in_map(folder / "map.osm.gz")
    (folder / "DATA/osm/guixi.osm.pbf").symlink_to((DATA / "osm/guixi.osm.pbf").resolve())
    (folder / "examples").symlink_to(SOURCE / "examples")
    shutil.copytree(SOURCE / "bench", folder / "bench", ignore=shutil.ignore_patterns("node_modules", "*.[ch]"))
    (folder / "bench/BEST.csv").write_text(only_row((SOURCE / "bench/BEST.csv").read_text(), BEST))
    shutil.copy(SOURCE / f"bench/best/{BEST}.csv", folder / "s.csv")
    shutil.copy(BUILD / "nearest", folder / "nearest")


def have_extracts():
    missing = [name for name in EXTRACTS if not (DATA / f"osm/{name}.osm.pbf").exists()]
    if missing:
        print("skipped: no extracts of", *missing)
    return not missing


def districts_of(folder):
    """The set the documents compare on, of which only one district is made here."""
    test_docs.run_all(folder, ["kerbside-bench districts guixi.osm.pbf --sizes 100 --seeds 1 -o set"])


def run_document(path, least, solver="nearest"):
    with Scratch() as tmp:
        measurers_folder(tmp)
        if solver != "nearest":
            shutil.copy(BUILD / "nearest", tmp / solver)
        districts_of(tmp)
        listed = list(test_docs.commands(SOURCE / path))
        assert len(listed) >= least, (path, listed)
        # a reader has nearest on the PATH, or beside: both
        test_docs.run_all(tmp, [f"PATH=$PWD:$PATH; {shortened(one)}" for one in listed
                                if not one.startswith(test_docs.NOT_RUN)], shorten=str)


def test_measuring_a_solver():
    if have_extracts():
        run_document("docs/benchmark.md", 10)
        run_document("examples/solver/README.md", 6)


def test_comparing_methods():
    if have_extracts():
        run_document("bench/README.md", 18, solver="mine")


def test_clients_in_other_languages():
    if not shutil.which("protoc"):
        print("skipped: no protoc")
        return
    languages = ["python"]
    if shutil.which("go") and shutil.which("protoc-gen-go"):
        languages.append("go")
    for language in languages:
        with Scratch() as tmp:
            for name in ("examples", "io"):
                (tmp / name).symlink_to(SOURCE / name)
            (tmp / "build").mkdir()
            (tmp / "build/release").symlink_to(BUILD)
            listed = list(test_docs.commands(SOURCE / f"examples/{language}/README.md"))
            assert any(one.startswith("KERBSIDE=") for one in listed), listed
            test_docs.run_all(tmp, listed)


if __name__ == "__main__":
    main(sys.modules[__name__])
