#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""All real extracts plan with 200 bins and 10 km of kerbs, checked, the same bytes at 1 and 2
threads. Skips, saying so, where the data is absent."""
import os
import sys

from town import DATA, KERBSIDE, Scratch, main, make_district, run

# Smallest first. KERBSIDE_TEST_EXTRACTS=N takes the first N only (sanitizer builds do).
EXTRACTS = ("guixi.osm.pbf", "shenzhen-longgang.osm.pbf", "beijing-tsinghua.osm.pbf",
            "moscow.osm.gz", "monaco.osm.pbf", "portland-central.osm.pbf", "porto.osm.pbf")


def test_every_extract_plans_the_same_at_one_and_two_threads():
    n_taken = int(os.environ.get("KERBSIDE_TEST_EXTRACTS", len(EXTRACTS)))
    if n_taken < len(EXTRACTS):
        print(f"     the first {n_taken} of {len(EXTRACTS)} extracts")
    for name in EXTRACTS[:n_taken]:
        with Scratch() as tmp:
            district = make_district(tmp, bins=200, kerb_km=10, extract=DATA / "osm" / name)
            for threads in (1, 2):
                run(KERBSIDE, "plan", district, "-o", tmp / f"{threads}.pb", "--iterations", 400,
                    "--threads", threads, "--quiet", ok=(0, 5))
            assert (tmp / "1.pb").read_bytes() == (tmp / "2.pb").read_bytes(), name
            verdict = run(KERBSIDE, "check", district, tmp / "1.pb").stdout.decode().strip()
            print(f"     {name}: {verdict}", flush=True)


if __name__ == "__main__":
    if not (DATA / "osm").is_dir():
        print(f"skipped: {DATA}/osm is absent (set KERBSIDE_DATA)")
        sys.exit(77)
    main(sys.modules[__name__])
