#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""README by itself: a clean clone on a bare Debian, where ./dev demo installs what it needs, builds and
plans. The map is put there, as an earlier run would have left it, because it comes from a registry that
a test's network may lack. Ten minutes, a network, root. KERBSIDE_BARE_ROOT: a root made before."""
import os
import shutil
import sys

import test_bare_long  # noqa: E402  skips without root and debootstrap
from town import SOURCE, Scratch, main, run


def commands_of_the_readme():
    """Of the block that begins the README: ./dev demo and ./dev test, which is what runs this test."""
    text = (SOURCE / "README.md").read_text().split("## Two commands")[1].split("```")[1]
    return [line.split("#")[0].strip() for line in text.splitlines()[1:] if line.strip()]


def test_the_readmes_demo_runs_from_a_clean_clone():
    assert commands_of_the_readme() == ["./dev demo", "./dev test"]
    with Scratch() as tmp:
        root = test_bare_long.make_root(tmp / "root")
        clone = root / "srv/clone"
        shutil.rmtree(clone, ignore_errors=True)
        run("git", "clone", "--quiet", "--no-hardlinks", SOURCE, clone)
        if run(SOURCE / "examples/district/fetch-map", clone / "examples/district/map.osm.gz", ok=None).returncode != 0:
            print("skipped: the demo's map cannot be fetched here")
            return
        run("mount", "-t", "proc", "proc", root / "proc")
        try:
            told = run("chroot", root, "env", "-i", f"PATH={os.defpath}:/usr/sbin:/sbin", "HOME=/root", "LANG=C.UTF-8",
                       "KERBSIDE_DEMO_TIME=10s", "bash", "-c", "cd /srv/clone && apt-get update -qq && ./dev demo").stdout.decode()
        finally:
            run("umount", root / "proc")
        assert ": accepted; " in told and "fixed_tuned" in told, told[-2000:]
        for name in ("plan.pb", "plan.geojson", "plan.svg", "map.html", "week.html"):
            assert (clone / "demo-out" / name).stat().st_size > 1000, name


if __name__ == "__main__":
    main(sys.modules[__name__])
