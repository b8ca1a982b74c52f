#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The road cache as the commands use it: made once, used from then on, made again with a reason, and
never seen in a plan."""
import subprocess
import sys

from town import KERBSIDE, Scratch, grid_town, main, make_district, run


def make_cache(extract, cache):
    """Builds or refreshes; returns what was said on stderr."""
    return run(KERBSIDE, "roads", extract, "-o", cache).stderr.decode()


def test_a_cache_is_made_once_and_again_when_the_extract_changes():
    with Scratch() as tmp:
        town, cache = tmp / "town.osm", tmp / "town.roads"
        grid_town(town, rows=4, columns=4)
        assert "cannot be opened" in make_cache(town, cache)
        first = cache.read_bytes()
        assert make_cache(town, cache) == "" and cache.read_bytes() == first
        grid_town(town, rows=5, columns=4)
        said = make_cache(town, cache)
        assert f"{cache}: stale: made from another extract; made again" in said, said
        assert cache.read_bytes() != first and make_cache(town, cache) == ""


def test_a_damaged_cache_is_made_again():
    with Scratch() as tmp:
        town, cache = tmp / "town.osm", tmp / "town.roads"
        grid_town(town, rows=4, columns=4)
        make_cache(town, cache)
        whole = cache.read_bytes()
        cache.write_bytes(whole[:-1])
        assert "damaged: cut short" in make_cache(town, cache)
        cache.write_bytes(whole[:-200] + bytes([whole[-200] ^ 1]) + whole[-199:])
        assert "damaged: the checksum of a section differs" in make_cache(town, cache)
        assert cache.read_bytes() == whole
        done = run(KERBSIDE, "roads", cache)  # the cache alone is a map too
        assert done.stdout == run(KERBSIDE, "roads", town).stdout


def test_two_that_make_it_at_once_leave_one_whole_cache():
    with Scratch() as tmp:
        town, cache = tmp / "town.osm", tmp / "town.roads"
        grid_town(town)
        make_cache(town, cache)
        whole = cache.read_bytes()
        for _ in range(5):
            cache.write_bytes(b"stale")
            makers = [subprocess.Popen([KERBSIDE, "roads", town, "-o", cache],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                      for _ in range(3)]
            assert [maker.wait() for maker in makers] == [0, 0, 0]
            assert cache.read_bytes() == whole
        assert sorted(path.name for path in tmp.iterdir()) == ["town.osm", "town.roads"]


def test_a_plan_is_the_same_with_and_without():
    with Scratch() as tmp:
        district = make_district(tmp, bins=20, kerb_km=1)
        cached = district.with_name("cached.yaml")
        cached.write_text(district.read_text().replace("\nextract:", "\nroads_cache: city.roads\nextract:"))
        plans = []
        for number, file in enumerate((district, cached, cached)):
            out = tmp / f"{number}.pb"
            done = run(KERBSIDE, "plan", file, "--iterations", 2, "-o", out, "--quiet", ok=(0, 5))
            assert ("city.roads" in done.stderr.decode()) == (number == 1), done.stderr
            plans.append(out.read_bytes())
        assert plans[0] == plans[1] == plans[2]
        by_cache = run(KERBSIDE, "check", district, tmp / "0.pb", "--roads",
                       district.with_name("city.roads"))
        assert by_cache.stdout == run(KERBSIDE, "check", district, tmp / "0.pb").stdout


def test_a_folder_that_cannot_be_written_costs_no_night():
    with Scratch() as tmp:
        district = make_district(tmp, bins=20, kerb_km=1)
        text = district.read_text().replace("\nextract:", "\nroads_cache: none/city.roads\nextract:")
        district.write_text(text)
        done = run(KERBSIDE, "validate", district)
        assert b"none/city.roads" in done.stderr, done.stderr
        refused = run(KERBSIDE, "roads", tmp / "town.osm", "-o", tmp / "none/city.roads", ok=(1,))
        assert b"cannot be written" in refused.stderr


if __name__ == "__main__":
    main(sys.modules[__name__])
