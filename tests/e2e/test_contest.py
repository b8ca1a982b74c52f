#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A contest as a solver author runs it, and its figures against plain recomputation."""
import csv
import itertools
import math
import random
import shutil
import sys
import xml.etree.ElementTree

from town import BENCH, SOURCE, Scratch, grid_town, main, run

SOLVER = SOURCE / "examples/solver"
COLUMNS = ("district,method,seed,budget_s,cpu_s,cost,feasible,violations,left_out,musts_left_out,km,hours,"
           "lower,trace,fault,version")


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def standings(folder, text, *more):
    (folder / "runs.csv").write_text(COLUMNS + "\n" + text)
    run(BENCH, "standings", folder / "runs.csv", "-o", folder / "out", *more)
    return {row["method"]: row for row in rows(folder / "out/methods.csv")}, rows(folder / "out/tests.csv")


def row(district, method, seed, cost, trace="", cpu_s=10, budget_s=10):
    fine = "yes" if cost is not None else "no"
    return (f"{district},{method},{seed},{budget_s},{cpu_s},{'' if cost is None else cost},{fine},0,0,0,"
            f"0,0,,{trace},,0\n")


def test_the_skeletons_of_a_new_user_appear_in_the_table_and_the_plots():
    with Scratch() as folder:
        grid_town(folder / "town.osm")
        run(BENCH, "districts", folder / "town.osm", "--sizes", "20", "--seeds", "1,2", "-o", folder / "set")
        run(shutil.which("cc") or "gcc", "-O2", "-o", folder / "nearest", SOLVER / "nearest.c")
        words = ["contest", folder / "set/town-n20-s1/district.yaml", folder / "set/town-n20-s2/district.yaml",
                 "--contestant", "kerbside",
                 "--contestant", f"in-c={folder}/nearest {{folder}} > {{solution}}",
                 "--contestant", f"in-python={sys.executable} {SOLVER}/nearest.py {{folder}} {{solution}}",
                 "--contestant", "nobody=true",
                 "--time", "0.5", "--seeds", "1,2", "-o", folder / "runs.csv"]
        run(BENCH, *words)
        first = (folder / "runs.csv").read_text()
        again = run(BENCH, *words)
        assert b"0 rows added" in again.stderr and (folder / "runs.csv").read_text() == first
        made = rows(folder / "runs.csv")
        assert len(made) == 2 * 2 * 4
        for one in made:
            assert (one["feasible"] == "yes") == (one["method"] != "nobody"), one
            assert (one["trace"] != "") == (one["method"] == "kerbside"), one
        table = run(BENCH, "standings", folder / "runs.csv", "-o", folder / "out").stdout.decode()
        methods = {one["method"]: one for one in rows(folder / "out/methods.csv")}
        assert methods["kerbside"]["mean_gap_percent"] == "0.0000", table
        assert float(methods["in-c"]["mean_gap_percent"]) > 0
        assert {k: v for k, v in methods["in-c"].items() if "gap" in k} == {
            k: v for k, v in methods["in-python"].items() if "gap" in k}
        assert methods["nobody"]["valid"] == "0"
        for name in ("profile_gap.svg", "profile_time.svg"):
            words = [node.text for node in xml.etree.ElementTree.parse(folder / "out" / name).iter()]
            for method in methods:
                assert method in words, (name, method)


def test_what_a_command_does_wrong_is_a_row_and_not_the_end():
    with Scratch() as folder:
        grid_town(folder / "town.osm")
        run(BENCH, "districts", folder / "town.osm", "--sizes", "20", "--seeds", "1", "-o", folder / "set")
        lie = "printf 'cpu_s,primal\\n0.1,1\\n' > {trace}; printf 'shift,task,mode\\n' > {solution}"
        run(BENCH, "contest", folder / "set/town-n20-s1/district.yaml",
            "--contestant", "loops=while :; do :; done",
            "--contestant", "nonsense=echo X > {solution}",
            "--contestant", "stranger=printf 'shift,task,mode\\nX,Y,0\\n' > {solution}",
            "--contestant", f"liar={lie}",
            "--time", "0.5", "--grace", "0.5", "--seeds", "1", "-o", folder / "runs.csv")
        made = {one["method"]: one for one in rows(folder / "runs.csv")}
        assert made["loops"]["fault"] == "no solution" and 0.5 < float(made["loops"]["cpu_s"]) < 5
        assert made["nonsense"]["feasible"] == "no" and "solution.csv" in made["nonsense"]["fault"]
        assert "record 1; field shift: X" in made["stranger"]["fault"], made["stranger"]
        assert made["liar"]["feasible"] == "yes" and made["liar"]["trace"] == ""


def integral(points, budget_s, best):
    """Percent of the budget, by a thousand slices."""
    total, slices = 0, 20000
    for slice_ in range(slices):
        now = (slice_ + 0.5) * budget_s / slices
        found = [cost for at, cost in points if at <= now]
        total += min(1, (min(found) - best) / best) if found else 1
    return 100 * total / slices


def test_gap_integral_and_time_are_what_they_are_defined_to_be():
    with Scratch() as folder:
        points = [(1, 150.0), (2.5, 120.0), (4, 100.9), (7, 100.5)]
        trace = " ".join(f"{at}:{cost}" for at, cost in points)
        text = (row("d", "a", 1, 100.5, trace) + row("d", "b", 1, 100.0, "9:100") +
                row("d", "c", 1, 101.0, "", cpu_s=3) + row("d", "d", 1, None) + row("d", "d", 2, 110))
        methods, _ = standings(folder, text)
        assert methods["a"]["mean_gap_percent"] == "0.5000"
        assert abs(float(methods["a"]["primal_integral_percent"]) - integral(points, 10, 100)) < 0.01
        assert methods["a"]["median_time_to_1_percent_s"] == "4.0000"
        assert methods["b"]["primal_integral_percent"] == "90.0000"
        assert abs(float(methods["c"]["primal_integral_percent"]) - 30.7) < 0.001
        assert methods["c"]["median_time_to_1_percent_s"] == "3.0000"
        assert (methods["d"]["runs"], methods["d"]["valid"], methods["d"]["mean_gap_percent"],
                methods["d"]["median_time_to_1_percent_s"]) == ("2", "1", "10.0000", "")
        (folder / "BEST.csv").write_text("district,upper\nd,80\n")
        methods, _ = standings(folder, text, "--best", folder / "BEST.csv")
        assert methods["b"]["mean_gap_percent"] == "25.0000"


def by_all_signs(differences):
    """Wilcoxon's two-sided p-value by every choice of signs."""
    sizes = sorted(abs(d) for d in differences if d)
    rank = {size: sum(i + 1 for i, s in enumerate(sizes) if s == size) / sizes.count(size) for size in sizes}
    ranks = [rank[abs(d)] for d in differences if d]
    minus = sum(r for r, d in zip(ranks, [d for d in differences if d]) if d < 0)
    middle = sum(ranks) / 2
    away = sum(abs(sum(r for r, s in zip(ranks, signs) if s) - middle) >= abs(minus - middle) - 1e-9
               for signs in itertools.product((0, 1), repeat=len(ranks)))
    return len(ranks), minus, away / 2 ** len(ranks)


def test_the_signed_rank_test_counts_every_sign():
    dice = random.Random(5)
    with Scratch() as folder:
        for n in (1, 2, 5, 9, 12):
            gaps = [(dice.randrange(8), dice.randrange(8)) for _ in range(n)]
            text = "".join(row(f"d{k}", "best", 1, 100) + row(f"d{k}", "a", 1, 100 + a) +
                           row(f"d{k}", "b", 1, 100 + b) for k, (a, b) in enumerate(gaps))
            _, tests = standings(folder, text)
            test = next(one for one in tests if (one["a"], one["b"]) == ("a", "b"))
            count, minus, p = by_all_signs([a - b for a, b in gaps])
            assert int(test["districts_that_differ"]) == count
            assert float(test["rank_sum_a_better"]) == minus, (gaps, test)
            assert math.isclose(float(test["p_value"]), p if count else 1, rel_tol=1e-4), (gaps, test, p)


def test_many_districts_are_judged_by_the_normal_distribution():
    with Scratch() as folder:
        text = "".join(row(f"d{k}", "a", 1, 100) + row(f"d{k}", "b", 1, 101 + k) for k in range(40))
        _, tests = standings(folder, text)
        n, mean, variance = 40, 40 * 41 / 4, 40 * 41 * 81 / 24
        want = math.erfc((mean - 0.5) / math.sqrt(variance) / math.sqrt(2))
        assert tests[0]["rank_sum_a_better"] == f"{n * (n + 1) / 2:.1f}"
        assert math.isclose(float(tests[0]["p_value"]), want, rel_tol=1e-4)


def test_the_best_table_takes_only_what_is_better_and_finds_what_is_not_true():
    with Scratch() as folder:
        grid_town(folder / "town.osm")
        run(BENCH, "districts", folder / "town.osm", "--sizes", "20", "--seeds", "1", "-o", folder / "set")
        name, best = "town-n20-s1", folder / "BEST.csv"
        run(BENCH, "contest", folder / f"set/{name}/district.yaml", "--contestant", "kerbside",
            "--contestant", f"nearest={sys.executable} {SOLVER}/nearest.py {{folder}} {{solution}}",
            "--time", "0.5", "--seeds", "1", "--keep", folder / "kept", "-o", folder / "runs.csv")
        ours, theirs = (float(one["cost"]) for one in rows(folder / "runs.csv"))
        nearest = folder / "runs.csv.work/solution.csv"  # of the last run
        offer = [BENCH, "best", best, folder / "set", "--district", name]
        run(*offer, "--solution", nearest, "--by", "nearest neighbour")
        assert abs(float(rows(best)[0]["upper"]) - theirs) < 1e-5
        run(*offer, "--solution", folder / f"kept/{name}.csv", "--by", "kerbside 0.5 s", "--lower", "1",
            "--lower-by", "by eye")
        again = run(*offer, "--solution", nearest, "--by", "nearest neighbour").stdout.decode()
        assert "is not better than" in again
        row_ = rows(best)[0]
        assert abs(float(row_["upper"]) - ours) < 1e-5 and row_["upper_by"] == "kerbside 0.5 s", row_
        run(BENCH, "best", best, folder / "set")
        assert b"--lower" in run(*offer, "--lower", ours + 1, "--lower-by", "a guess", ok=(6,)).stdout
        true = best.read_text()
        for wrong, says in ((true.replace(row_["upper"], f"{ours - 1:.6f}"), "does not cost what the table says"),
                            (true.replace(row_["travel_sha256"], "0" * 64), "holds for other travel"),
                            (true.replace(",1.000000,", f",{ours + 9},"), "lower above upper")):
            best.write_text(wrong)
            assert says in run(BENCH, "best", best, folder / "set", ok=(6,)).stdout.decode(), says
        best.write_text(true)
        kept = folder / f"best/{name}.csv"
        kept.write_text("".join(line for line in kept.read_text().splitlines(True) if ",tip:" not in line))
        assert "its solution breaks rules" in run(BENCH, "best", best, folder / "set", ok=(6,)).stdout.decode()
        kept.unlink()
        assert "without its solution" in run(BENCH, "best", best, folder / "set", ok=(6,)).stdout.decode()


if __name__ == "__main__":
    if not BENCH.exists():
        print(f"no {BENCH}")
        sys.exit(77)
    main(sys.modules[__name__])
