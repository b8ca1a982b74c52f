#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of results/compactness.csv: one district planned at several values of a price of its file.

    price_rows.py KERBSIDE DISTRICT.yaml --key compactness_per_stop_km2 --values 0.001,5,20 \\
        --iterations 12000 --seeds 1,2,3 -o ROWS.csv

What a plan costs without that price is its cost less the cost line of `--item`. At 0 a plan says no
radius: a price of nothing much (0.001) stands for it."""
import argparse
import csv
import json
import math
import pathlib
import re
import subprocess
import tempfile

COLUMNS = ["district", "key", "value", "seed", "iterations", "routes", "served", "length_km", "work_h", "radius_km", "without_price",
           "cost", "version"]


def with_price(text, key, value):
    """The district's text with one price set, whatever it said of it."""
    text = re.sub(rf"\b{key}: *[0-9.]+,? *", "", text)
    if re.search(r"^prices: \{", text, re.M):
        return re.sub(r"^prices: \{", f"prices: {{{key}: {value}, ", text, flags=re.M)
    return f"{text}\nprices: {{{key}: {value}}}\n"


def plan(kerbside, district, iterations, seed):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "plan.pb"
        done = subprocess.run([kerbside, "plan", district, "-o", out, "--iterations", str(iterations), "--seed", str(seed), "--json",
                               "--quiet"], capture_output=True)
        if done.returncode not in (0, 5):
            raise SystemExit(done.stderr.decode())
        shown = subprocess.run([kerbside, "show", out, "--json"], capture_output=True, check=True)
        return json.loads(shown.stdout)


def row_of(shown, item):
    served = sum(route["served"] for route in shown["routes"])
    square = sum(route["served"] * route.get("radius_km", 0) ** 2 for route in shown["routes"])
    priced = sum(line["amount"] for line in shown["cost_lines"] if line["item"] == item and not line["zone"])
    return {"routes": len(shown["routes"]), "served": served, "length_km": round(shown["length_km"], 3),
            "work_h": round(shown["work_h"], 3), "radius_km": round(math.sqrt(square / max(served, 1)), 3),
            "without_price": round(shown["cost"] - priced, 2), "cost": round(shown["cost"], 2)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kerbside")
    parser.add_argument("district", type=pathlib.Path)
    parser.add_argument("--name")
    parser.add_argument("--key", default="compactness_per_stop_km2")
    parser.add_argument("--item", default="compactness")
    parser.add_argument("--values", default="0.001,1,5,20")
    parser.add_argument("--iterations", type=int, default=12000)
    parser.add_argument("--seeds", default="1")
    parser.add_argument("-o", dest="out", type=pathlib.Path, required=True)
    args = parser.parse_args()
    version = subprocess.run([args.kerbside, "--version"], capture_output=True, check=True).stdout.decode().split()[1]
    text = args.district.read_text(encoding="utf-8")
    new = not args.out.exists()
    with open(args.out, "a", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if new:
            rows.writeheader()
        for value in args.values.split(","):
            changed = args.district.with_name(f"price-{value}.yaml")  # its tables are beside it
            changed.write_text(with_price(text, args.key, value), encoding="utf-8")
            for seed in args.seeds.split(","):
                shown = plan(args.kerbside, changed, args.iterations, seed)
                rows.writerow({"district": args.name or args.district.parent.name, "key": args.key, "value": value, "seed": seed,
                               "iterations": args.iterations, **row_of(shown, args.item), "version": version})
                file.flush()
            changed.unlink()


if __name__ == "__main__":
    main()
