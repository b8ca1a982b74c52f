#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command in the README, the tutorial, the how-to, the reference and the command's own --help
does what it is said to: all ```sh blocks are run, in their order, in one folder a document. Searches are short
(--iterations 30, --days 1). The Chinese texts have the same commands; links lead somewhere. The documents of
kerbside-bench and of the clients: test_docs_bench.py. Words and options of what is not run, and that no block is
forgotten: tests/cli/test_docs_words.py.

The tutorial's map is a town standing in for the real one, which comes from a registry; with
KERBSIDE_TEST_MAP=FILE it is that file."""
import gzip
import os
import re
import shutil
import subprocess
import sys
import textwrap

from town import BUILD, KERBSIDE, SOURCE, Scratch, grid_town, main, make_district, run

# ./dev builds and tests by itself: a test cannot run it. Nor can it use a machine's systemd and apt.
NOT_RUN = ("./dev ", "sudo ", "journalctl ", "dpkg ", "apt-get ")
ATTENTION = re.compile(r"kerbside (plan|replan|batch) ")


def blocks(path):
    text = path.read_text(encoding="utf-8")
    for found in re.finditer(r"^( *)```(\w*)\n(.*?)^ *```$", text, re.M | re.S):
        yield found[2], textwrap.dedent(found[3])


def commands(path):
    """The commands of a document: lines joined where they go on, here-documents whole."""
    for kind, block in blocks(path):
        if kind != "sh":
            continue
        lines = iter(block.splitlines())
        for line in lines:
            end = re.search(r"<<'(\w+)'", line)
            while end and not line.endswith("\n" + end[1]):
                line += "\n" + next(lines)
            while line.endswith(("\\", "|")):
                line += "\n" + next(lines)
            if line.strip():
                yield line


def shortened(command):
    """Searches by a small count, whatever is said of their time."""
    searches = re.match(r"kerbside (plan|replan|batch|simulate) ", command)
    command = re.sub(r" --(time|iterations) \w+", "", command)
    command = re.sub(r"--days \d+", "--days 1", command)
    if searches:
        command = re.sub(r"^kerbside \w+", r"\g<0> --iterations 30", command)
    return command


def run_all(folder, listed, shorten=shortened):
    """Runs commands as a reader would; a plan may need attention (exit 5)."""
    env = dict(os.environ, PATH=f"{BUILD}:/usr/bin:{os.environ['PATH']}")
    for command in listed:
        if command.startswith(NOT_RUN):
            continue
        done = subprocess.run(["bash", "-c", shorten(command)], cwd=folder, env=env,
                              capture_output=True, check=False)
        allowed = (0, 5) if ATTENTION.search(command) else (0,)
        assert done.returncode in allowed, (command, done.returncode, done.stdout[-1500:],
                                            done.stderr[-1500:])


def stand_in_map(path):
    """Where the tutorial's bins are, streets 120 m apart."""
    with Scratch() as tmp:
        grid_town(tmp / "town.osm", rows=45, columns=45, lat0=57.68, lon0=11.935)
        path.write_bytes(gzip.compress((tmp / "town.osm").read_bytes()))


def stand_in_for_the_map(folder):
    real = os.environ.get("KERBSIDE_TEST_MAP")
    fetch = folder / "examples/district/fetch-map"
    if real:
        shutil.copy(real, folder / "stand-in.osm.gz")
    else:
        stand_in_map(folder / "stand-in.osm.gz")
    fetch.write_text('#!/bin/sh\ncp stand-in.osm.gz "$1"\n')
    fetch.chmod(0o755)


def readers_folder(folder):
    """What the README and --help take for granted: a district, its map, a plan, events, a city."""
    town = make_district(folder, bins=12, kerb_km=0.5, days=7).parent
    (folder / "map.osm.gz").write_bytes(gzip.compress((folder / "town.osm").read_bytes()))
    for path in town.iterdir():
        shutil.copy(path, folder)
    sites = (town / "sites.csv").read_text().splitlines()
    rows = ["id,lat,lon,stream"]
    for at, line in enumerate(sites[1:9]):
        cells = line.split(",")
        rows.append(f"B{at},{cells[3]},{cells[4]},residual")
    (folder / "bins.csv").write_text("\n".join(rows) + "\n")
    text = (folder / "district.yaml").read_text()
    text = re.sub(r"extract: .*", "extract: map.osm.gz", text)
    (folder / "district.yaml").write_text(text + "learned: learned.yaml\n")
    (folder / "night.pb").write_bytes(b"\x08\x01")  # an Execution of version 1, of a night without work
    (folder / "rounds.csv").write_text("vehicle,order,container\nT01,1,C0001\n")
    (folder / "events.yaml").write_text("as_of: 21:30\nevents: []\n")
    (folder / "city.yaml").write_text(
        "schema_version: 1\ndistricts:\n  - {id: north, file: district.yaml}\n")
    run(KERBSIDE, "problem", folder / "district.yaml", "-o", folder / "problem.pb")


def test_the_readme():
    with Scratch() as tmp:
        readers_folder(tmp)
        run_all(tmp, commands(SOURCE / "README.md"))


def test_the_reference():
    with Scratch() as tmp:
        readers_folder(tmp)
        shutil.copy(tmp / "map.osm.gz", tmp / "newer.osm.gz")
        shutil.copy(tmp / "events.yaml", tmp / "later.yaml")
        run_all(tmp, ["kerbside plan district.yaml -o plan.pb"])
        for name in ("replan", "roads", "city-file"):
            listed = list(commands(SOURCE / f"docs/{name}.md"))
            assert listed, name
            run_all(tmp, listed)


def test_the_examples_of_help():
    verbs = re.findall(r"^  ([a-z]+) +\S", run(KERBSIDE, "--help").stdout.decode(), re.M)
    assert len(verbs) > 10, verbs
    with Scratch() as tmp:
        readers_folder(tmp)
        for verb in verbs:  # plan comes first: the others show what it made
            told = run(KERBSIDE, verb, "--help").stdout.decode().split("\nExamples\n")[1]
            run_all(tmp, re.findall(r"^  (kerbside .*)", told, re.M))


def test_the_tutorial_and_after_it_the_how_to():
    with Scratch() as tmp:
        shutil.copytree(SOURCE / "examples", tmp / "examples",
                        ignore=shutil.ignore_patterns("map.osm.gz", "*.roads"))
        stand_in_for_the_map(tmp)
        run_all(tmp, commands(SOURCE / "docs/tutorial.md"))
        run_all(tmp, commands(SOURCE / "docs/how-to.md"))
        for name in ("tutorial", "how-to"):  # what the Chinese texts say otherwise, in the same folder
            said = set(commands(SOURCE / f"docs/{name}.md"))
            other = [one for one in commands(SOURCE / f"docs/{name}.zh.md") if one not in said]
            assert other, name
            run_all(tmp, other)
        plan = run(KERBSIDE, "show", tmp / "again.pb").stdout.decode()
        assert "Routes" in plan, plan


def test_the_chinese_texts_have_the_same_commands():
    for name in ("README", "docs/tutorial", "docs/how-to"):
        here, there = (
            [re.sub(r"\s*#.*|( --lang zh)+", "", c) for c in commands(SOURCE / f"{name}{ending}")]
            for ending in (".md", ".zh.md"))
        assert here == there, [pair for pair in zip(here, there) if pair[0] != pair[1]]


def test_the_chinese_texts_have_the_same_sections():
    for name in ("docs/tutorial", "docs/how-to"):
        here, there = (len(re.findall(r"^## ", (SOURCE / f"{name}{ending}.md").read_text(), re.M)) for ending in ("", ".zh"))
        assert here == there > 3, (name, here, there)


def test_links_lead_somewhere():
    for path in (*SOURCE.glob("*.md"), *SOURCE.glob("docs/**/*.md"), *SOURCE.glob("examples/**/*.md"),
                 *SOURCE.glob("bench/*.md")):
        if "node_modules" in path.parts:
            continue
        for link in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
            if "://" not in link:
                assert (path.parent / link).exists(), (path, link)


if __name__ == "__main__":
    main(sys.modules[__name__])
