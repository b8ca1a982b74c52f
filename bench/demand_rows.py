#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of bench/results/demand.csv: kerbside simulate once for each policy and seed, its totals as
they are printed.

    demand_rows.py KERBSIDE DISTRICT.yaml --name demo [--days 28] [--settle 7] [--iterations 400]
                   [--seeds 1,2,3] [--policies fill,fill_tonight,fixed,fixed_tuned,...]
                   [--sick 0.05,0] -o ROWS.csv

A run that was made before, with the same numbers, is not made again, so that a long table can be
made in pieces. `fill` looks ahead (`--look-ahead 7`), `fill_tonight` does not; trucks of
`fill_3` and `fixed_tuned_3` go their rounds on three days of the week. Policies that ask no sensor run once, as with
sick_ratio 0."""
import argparse
import csv
import json
import pathlib
import subprocess
import sys

HEAD = ["what", "district", "seed", "days", "policy", "sick_ratio", "name", "value"]
OPTIONS = {"fill": ["--policy", "fill", "--look-ahead", "7"],
           "fill_tonight": ["--policy", "fill", "--look-ahead", "1"]}
for days in range(1, 7):
    OPTIONS[f"fill_{days}"] = OPTIONS["fill"] + ["--collection-days", str(days)]
    OPTIONS[f"fixed_tuned_{days}"] = ["--policy", "fixed_tuned", "--collection-days", str(days)]
BLIND = ("fixed", "perfect")  # how their names begin
POLICIES = "fill,fill_tonight,fixed,fixed_tuned,fixed_tuned_4,fixed_tuned_3,fixed_tuned_2,perfect"
NAMES = ["km", "service_level", "overflows", "shifts", "cost", "emptied", "fill_at_emptying"]


def arguments():
    parse = argparse.ArgumentParser(description=__doc__)
    parse.add_argument("kerbside")
    parse.add_argument("district")
    parse.add_argument("--name", required=True)
    parse.add_argument("--days", type=int, default=28)
    parse.add_argument("--settle", type=int, default=7)
    parse.add_argument("--iterations", type=int, default=400)
    parse.add_argument("--seeds", default="1,2,3")
    parse.add_argument("--policies", default=POLICIES)
    parse.add_argument("--sick", default="0.05,0")
    parse.add_argument("-o", dest="output", required=True)
    return parse.parse_args()


def runs(args):
    for policy in args.policies.split(","):
        for sick in [0.0] if policy.startswith(BLIND) else map(float, args.sick.split(",")):
            yield policy, sick


def totals(args, policy, seed, sick):
    options = OPTIONS.get(policy, ["--policy", policy])
    done = subprocess.run(
        [args.kerbside, "simulate", args.district, *options, "--seed", str(seed),
         "--days", str(args.days), "--settle", str(args.settle), "--sick", f"{sick:g}",
         "--iterations", str(args.iterations), "--json", "--quiet"], stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(f"{policy}, seed {seed}: exit code {done.returncode}")
    return json.loads(done.stdout.splitlines()[-1])


def main():
    args = arguments()
    path = pathlib.Path(args.output)
    rows = list(csv.reader(path.open(newline=""))) if path.exists() else [HEAD]
    known = {tuple(row[:6]) for row in rows}
    for seed in (int(word) for word in args.seeds.split(",")):
        for policy, sick in runs(args):
            key = ("simulate", args.name, str(seed), str(args.days), policy, f"{sick:g}")
            if key in known:
                continue
            came = totals(args, policy, seed, sick)
            said = OPTIONS.get(policy, ["", policy])[1]
            assert (came["policy"], came["seed"], came["days"]) == (said, seed, args.days), came
            with path.open("a" if path.exists() else "w", newline="") as file:
                out = csv.writer(file, lineterminator="\n")
                if file.tell() == 0:
                    out.writerow(HEAD)
                out.writerows([*key, name, came[name]] for name in NAMES)


if __name__ == "__main__":
    main()
