#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The packages on a bare Debian: a minimal root of this machine's release and mirror, made by
debootstrap, where apt installs them with what they depend on; there the command plans a night, and a
C program is built against the library. Minutes, a network, root. KERBSIDE_BARE_ROOT: a root made
before."""
import os
import pathlib
import re
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))
import test_docs  # noqa: E402
from town import BUILD, SOURCE, Scratch, main, run  # noqa: E402

RELEASE = SOURCE / "tests/data/releases/0.1.0"
if os.geteuid() != 0 or not shutil.which("debootstrap"):
    print("SKIPPED: needs root and debootstrap")
    sys.exit(77)


def machine():
    """Mirror and release of the machine's own packages."""
    told = run("apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)", "Created-By: Packages")
    site, release = told.stdout.decode().splitlines()[0].split()
    return site, re.sub(r"[-/].*", "", release)


def make_root(root):
    if os.environ.get("KERBSIDE_BARE_ROOT"):
        return pathlib.Path(os.environ["KERBSIDE_BARE_ROOT"])
    site, release = machine()
    run("debootstrap", "--variant=minbase", release, root, site)
    for path in pathlib.Path("/etc/apt/apt.conf.d").glob("99*"):
        shutil.copy(path, root / "etc/apt/apt.conf.d")
    return root


def follow_the_guides(root, inside):
    """Tutorial and how-to, English and then Chinese, by what the package holds; only the map is another."""
    guides = root / "usr/share/doc/kerbside"
    for language in ("", ".zh"):
        work = root / f"srv/reader{language}"
        work.mkdir()
        test_docs.stand_in_map(work / "stand-in.osm.gz")
        for name in ("tutorial", "how-to"):
            for command in test_docs.commands(guides / f"docs/{name}{language}.md"):
                if command.startswith(test_docs.NOT_RUN):
                    continue
                command = re.sub(r"^examples/district/fetch-map", "cp stand-in.osm.gz", command)
                allowed = (0, 5) if test_docs.ATTENTION.search(command) else (0,)
                inside(f"cd /srv/reader{language}\nln -sfn /usr/share/doc/kerbside/examples .\n" + test_docs.shortened(command), ok=allowed)


def plan_the_demo(root, inside):
    """The demo district on its own map, if npm gives it here; there is no npm in the bare root."""
    work = root / "srv/demo"
    shutil.copytree(root / "usr/share/doc/kerbside/examples/district", work)
    if run(SOURCE / "examples/district/fetch-map", work / "map.osm.gz", ok=None).returncode != 0:
        print("not tried: the demo's map cannot be fetched here")
        return
    inside("cd /srv/demo && kerbside plan district.yaml --time 10s -o plan.pb --map map.html --sheets sheets "
           "--gpx sheets --zones zones --lang zh", ok=(0, 5))
    assert b"accepted" in inside("cd /srv/demo && kerbside check district.yaml plan.pb")
    shown = inside("cd /srv/demo && kerbside show plan.pb --lang zh").decode()
    assert "路线" in shown and "其他垃圾" in shown, shown
    assert len(list((work / "sheets").glob("*.html"))) > 4


def test_the_packages_install_and_plan_on_a_bare_debian():
    with Scratch() as tmp:
        root = make_root(tmp / "root")
        work = root / "srv/kerbside"
        work.mkdir(parents=True, exist_ok=True)
        run("cpack", "-G", "DEB", "--config", BUILD / "CPackConfig.cmake", "-B", tmp / "debs")
        for path in [*(tmp / "debs").glob("*.deb"), *RELEASE.iterdir(),
                     SOURCE / "examples/dispatch.c"]:
            shutil.copy(path, work)

        def inside(words, ok=(0,)):
            return run("chroot", root, "bash", "-c", f"cd /srv/kerbside && {words}", ok=ok).stdout

        inside("apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "
               "--no-install-recommends --reinstall ./*.deb gcc libc6-dev pkg-config")
        inside("kerbside plan streets.problem.pb --roads town.osm.gz --iterations 50 -o p.pb "
               "--map map.html --sheets sheets --quiet", ok=(0, 5))
        assert b"accepted" in inside("kerbside check streets.problem.pb p.pb --roads town.osm.gz")
        inside("kerbside init town.osm.gz --out-dir mine --date 2026-11-02")
        inside("kerbside validate mine/district.yaml")
        run("mount", "-t", "proc", "proc", root / "proc")  # kerbside batch starts itself again
        try:
            plan_the_demo(root, inside)
            follow_the_guides(root, inside)
        finally:
            run("umount", root / "proc")
        inside("cc dispatch.c $(pkg-config --cflags --libs kerbside) -o dispatch")
        assert b"A1:" in inside("./dispatch")


if __name__ == "__main__":
    main(sys.modules[__name__])
