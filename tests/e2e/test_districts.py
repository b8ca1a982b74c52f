#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The set of districts: made twice the same, checked by hash; the exports say one thing in many formats."""
import array
import csv
import hashlib
import pathlib
import sqlite3
import sys

from town import BENCH, DATA, SOURCE, Scratch, grid_town, main, run

MANIFEST = SOURCE / "bench/districts/manifest.csv"


def make_set(folder, *more, ok=(0,)):
    if not (folder / "town.osm").exists():
        grid_town(folder / "town.osm")
    return run(BENCH, "districts", folder / "town.osm", "--sizes", "20,60", "--seeds", "1,2",
               "-o", folder / "set", *more, ok=ok)


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def read_npy(path):
    """(n, cells) of an int32 matrix, by the format's own words."""
    data = pathlib.Path(path).read_bytes()
    assert data[:8] == b"\x93NUMPY\x01\x00"
    start = 10 + data[8] + 256 * data[9]
    assert start % 64 == 0
    about = eval(data[10:start].decode(), {"__builtins__": {}}, {"False": False, "True": True})
    assert about["descr"] == "<i4" and about["fortran_order"] is False
    cells = array.array("i")
    cells.frombytes(data[start:])
    n = about["shape"][0]
    assert about["shape"] == (n, n) and len(cells) == n * n
    return n, cells


def test_a_set_is_made_again_bit_for_bit_and_a_change_is_found():
    with Scratch() as one, Scratch() as other:
        make_set(one)
        make_set(other, "--check", one / "set/manifest.csv")
        for name in ("manifest.csv", "SHA256SUMS"):
            assert (one / "set" / name).read_bytes() == (other / "set" / name).read_bytes(), name
        manifest = rows(one / "set/manifest.csv")
        assert [row["district"] for row in manifest] == ["town-n20-s1", "town-n20-s2", "town-n60-s1",
                                                         "town-n60-s2"]
        assert len({row["files_sha256"] for row in manifest}) == 4
        for line in (one / "set/SHA256SUMS").read_text().splitlines():
            digest, name = line.split("  ")
            assert hashlib.sha256((one / "set" / name).read_bytes()).hexdigest() == digest, name
        changed = (one / "set/manifest.csv").read_text().replace(manifest[1]["travel_sha256"], "0" * 64)
        (one / "changed.csv").write_text(changed)
        found = make_set(one, "--check", one / "changed.csv", ok=(1,)).stdout.decode()
        assert found.startswith("town-n20-s2: travel_sha256 differs: ") and found.count("\n") == 1, found


def test_the_generator_makes_what_its_version_made():
    with Scratch() as folder:
        make_set(folder, "--only", "town-n20-s1")
        row = rows(folder / "set/manifest.csv")[0]
        assert (row["generator"], row["files_sha256"]) == ("2", PIN), \
            f"other files ({row['files_sha256']}): raise DISTRICT_GENERATOR_VERSION, then this pin"


def test_the_smallest_district_of_the_named_set_is_what_the_manifest_says():
    extract = DATA / "osm/guixi.osm.pbf"
    if not extract.exists():
        print("skipped: no", extract)
        return
    with Scratch() as folder:
        run(BENCH, "districts", extract, "--sizes", 100, "--seeds", 1, "--check", MANIFEST, "-o", folder)


def test_the_table_of_the_best_holds_for_the_manifest_and_has_its_solutions():
    travel = {row["district"]: row["travel_sha256"] for row in rows(MANIFEST)}
    best = rows(SOURCE / "bench/BEST.csv")
    assert best
    for row in best:
        assert row["travel_sha256"] == travel[row["district"]], row["district"]
        assert float(row["lower"]) <= float(row["upper"]) and row["upper_by"] and row["lower_by"], row
        assert (SOURCE / f"bench/best/{row['district']}.csv").exists(), row["district"]


def test_the_best_solution_of_the_smallest_district_costs_what_the_table_says():
    extract = DATA / "osm/guixi.osm.pbf"
    if not extract.exists():
        print("skipped: no", extract)
        return
    with Scratch() as folder:
        run(BENCH, "districts", extract, "--sizes", 100, "--seeds", 1, "-o", folder / "set")
        head, *lines = (SOURCE / "bench/BEST.csv").read_text().splitlines(True)
        (folder / "BEST.csv").write_text(head + next(row for row in lines if row.startswith("guixi-n100-s1,")))
        (folder / "best").symlink_to((SOURCE / "bench/best").resolve())
        run(BENCH, "best", folder / "BEST.csv", folder / "set")


def shortest(n, edges):
    far = 10 ** 9
    apart = [[0 if a == b else far for b in range(n)] for a in range(n)]
    for a, b, cost in edges:
        apart[a][b] = min(apart[a][b], cost)
        apart[b][a] = min(apart[b][a], cost)
    for via in range(n):
        row_via = apart[via]
        for row in apart:
            if row[via] < far:
                for b in range(n):
                    if row[via] + row_via[b] < row[b]:
                        row[b] = row[via] + row_via[b]
    return apart


class Export:
    """What an exported folder says, read by the documentation alone."""

    def __init__(self, folder):
        self.tasks = rows(folder / "tasks.csv")
        self.types = rows(folder / "types.csv")
        self.mode = {row["task"]: row for row in rows(folder / "modes.csv") if row["mode"] == "0"}
        self.time = {row["travel"]: read_npy(folder / f"travel_{row['travel']}_time_ms.npy")
                     for row in self.types}
        self.length = {row["travel"]: read_npy(folder / f"travel_{row['travel']}_length_mm.npy")
                       for row in self.types}

    def first_type(self, group):
        return next(row for row in self.types if row["group"] == group)


def rounded(value):
    return (value + 500) // 1000


def check_collection(export, folder):
    """Every cell of cvrp.vrp and vrptw.txt against the matrices."""
    kind = export.first_type("0")
    ends = [(int(kind["end_point"]), int(kind["start_point"]))]
    ends += [(int(export.mode[t["task"]]["entry"]), int(export.mode[t["task"]]["exit"]))
             for t in export.tasks if t["kind"] == "container"]
    for name, (n, cells) in (("cvrp.vrp", export.length[kind["travel"]]),
                             ("vrptw.txt", export.time[kind["travel"]])):
        text = (folder / name).read_text().split("EDGE_WEIGHT_SECTION\n")[1].split("DEMAND")[0]
        got = [int(word) for word in text.split()]
        want = [0 if a == b else rounded(cells[ends[a][1] * n + ends[b][0]])
                for a in range(len(ends)) for b in range(len(ends))]
        assert got == want, name
    return len(ends) - 1


def check_kerbs(export, folder):
    """Shortest ways over the edges of carp.dat are those of the matrix, the shorter direction."""
    kind = export.first_type("1")
    n, cells = export.length[kind["travel"]]
    kerbs = [export.mode[t["task"]] for t in export.tasks if t["kind"] == "kerb"]
    depot = int(kind["start_point"])
    points = [depot] + sorted({int(k[end]) for k in kerbs for end in ("entry", "exit")} - {depot})
    required, others = [], []
    for line in (folder / "carp.dat").read_text().splitlines():
        words = line.replace("(", " ").replace(")", " ").replace(",", " ").split()
        if line.startswith(" ("):
            (required if "demanda" in words else others).append(
                (int(words[0]) - 1, int(words[1]) - 1, int(words[3])))
    assert [(points[a], points[b], c) for a, b, c in required] == [
        (int(k["entry"]), int(k["exit"]), rounded(int(k["length_mm"]))) for k in kerbs]
    apart = shortest(len(points), others)
    want = shortest(len(points), [(a, b, rounded(min(cells[points[a] * n + points[b]],
                                                     cells[points[b] * n + points[a]])))
                                  for a in range(len(points)) for b in range(a)])
    assert apart == want
    assert len(others) < len(points) * (len(points) - 1) // 4, "hardly anything was left out"
    return len(kerbs)


def test_every_format_of_an_export_says_the_same():
    with Scratch() as folder:
        make_set(folder, "--only", "town-n60-s1")
        out = folder / "x"
        run(BENCH, "export", folder / "set/town-n60-s1/district.yaml", "-o", out)
        export = Export(out)
        n_customers, n_kerbs = check_collection(export, out), check_kerbs(export, out)
        assert n_customers + n_kerbs == len(export.tasks) and n_customers > 10 and n_kerbs > 10
        for name in ("cvrp.vrp", "vrptw.txt", "carp.dat"):
            run(BENCH, "instance", out / name, "--iterations", 200)
        district = sqlite3.connect(out / "district.gpkg")
        count = {table: district.execute(f"select count(*) from {table}").fetchone()[0]
                 for table in ("tasks", "kerbs", "places")}
        assert count["tasks"] == len(export.tasks) and count["places"] == 5, count
        assert count["kerbs"] == len(rows(folder / "set/town-n60-s1/kerbs.csv")), count
        district.close()
        again = folder / "again/x"  # the name of a variant is the last word of the folder
        run(BENCH, "export", folder / "set/town-n60-s1/district.yaml", "-o", again)
        for file in sorted(out.iterdir()):
            assert file.read_bytes() == (again / file.name).read_bytes(), file.name


PIN = "74441ce8fd27c931605f52d8490a01b9af359e31e27eaa867f678a1464da5867"

if __name__ == "__main__":
    if not BENCH.exists():
        print(f"no {BENCH}")
        sys.exit(77)
    main(sys.modules[__name__])
