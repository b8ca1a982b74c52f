#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The .deb files: what they hold, what they depend on, that they unpack beside each other and that
the command runs from there; the units of the nightly batch and the script they run."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))
from town import BUILD, KERBSIDE, SOURCE, Scratch, make_district, run  # noqa: E402

PACKAGES = ("kerbside", "libkerbside0", "libkerbside-dev", "kerbside-bench")
UNITS = SOURCE / "packaging/systemd"
RELEASE = SOURCE / "tests/data/releases/0.1.0"
WORST_EXPOSURE = 10  # of 100: it has 4
if not shutil.which("dpkg-deb") or not shutil.which("dpkg-shlibdeps"):
    print("SKIPPED: Debian's package tools are absent")
    sys.exit(77)
if "KERB_SANITIZE:STRING=\n" not in (BUILD / "CMakeCache.txt").read_text():
    print("SKIPPED: sanitized programs are not packed")
    sys.exit(77)


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = pathlib.Path(tempfile.mkdtemp(prefix="kerbside-"))
        cls.registries = cls.scratch / "registries"
        cls.registries.mkdir()
        for tool in ("npm", "node", "npx"):  # whoever asks for one in vain is written down
            (cls.registries / tool).write_text(f"#!/bin/sh\ntouch {cls.registries}/asked\nexit 1\n")
            (cls.registries / tool).chmod(0o755)
        run("env", f"PATH={cls.registries}:{os.environ['PATH']}",
            "cpack", "-G", "DEB", "--config", BUILD / "CPackConfig.cmake", "-B", cls.scratch / "debs")
        cls.debs = {path.name.split("_")[0]: path for path in (cls.scratch / "debs").glob("*.deb")}
        cls.root = cls.scratch / "root"
        for deb in cls.debs.values():
            run("dpkg-deb", "-x", deb, cls.root)
        cls.env = dict(os.environ, LD_LIBRARY_PATH=str(next(cls.root.rglob("libkerbside.so.0")).parent))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.scratch, ignore_errors=True)

    def field(self, package, name):
        return run("dpkg-deb", "-f", self.debs[package], name).stdout.decode().strip()

    def names(self, package):
        listed = run("dpkg-deb", "-c", self.debs[package]).stdout.decode().splitlines()
        return [line.split()[5][1:] for line in listed if not line.startswith("d")]

    def test_there_are_four(self):
        self.assertEqual(set(self.debs), set(PACKAGES))

    def test_each_file_is_in_one_of_them_only(self):
        names = [name for package in PACKAGES for name in self.names(package)]
        self.assertEqual(len(names), len(set(names)))

    def test_they_hold_what_their_users_look_for(self):
        for package, wanted in {
                "kerbside": ("/usr/bin/kerbside", "/usr/share/man/man1/kerbside-plan.1",
                             "/usr/share/man/zh_CN/man1/kerbside-plan.1",
                             "/usr/share/bash-completion/completions/kerbside",
                             "/usr/share/zsh/vendor-completions/_kerbside",
                             "/usr/lib/systemd/system/kerbside-nightly.timer",
                             "/usr/lib/kerbside/nightly",
                             "/usr/share/doc/kerbside/docs/tutorial.zh.md",
                             "/usr/share/doc/kerbside/docs/map.jpg",
                             "/usr/share/doc/kerbside/examples/district/district.yaml",
                             "/usr/share/doc/kerbside/examples/tutorial/bins.csv"),
                "libkerbside0": ("/usr/lib/libkerbside.so.0",),
                "libkerbside-dev": ("/usr/include/kerbside.h", "/usr/lib/libkerbside.so",
                                    "/usr/lib/libkerbside.a", "/usr/lib/pkgconfig/kerbside.pc",
                                    "/usr/share/kerbside/proto/kerbside/v1/problem.proto"),
                "kerbside-bench": ("/usr/bin/kerbside-bench", "/usr/share/man/man1/kerbside-bench.1",
                                   "/usr/share/doc/kerbside/bench/README.md",
                                   "/usr/share/doc/kerbside/bench/BEST.csv",
                                   "/usr/share/doc/kerbside/examples/solver/nearest.c")}.items():
            names = [re.sub(r"/usr/lib/[a-z0-9_]+-linux-gnu/", "/usr/lib/", name)
                     for name in self.names(package)]
            for name in wanted + (f"/usr/share/doc/{package}/copyright",):
                self.assertIn(name, names, package)

    def test_the_library_depends_on_neither_cpp_nor_gdal(self):
        depends = self.field("libkerbside0", "Depends")
        for word in ("libglpk40", "libprotobuf-c1", "libc6"):
            self.assertIn(word, depends)
        for word in ("libstdc++", "libgdal", "libfyaml"):
            self.assertNotIn(word, depends)
        self.assertIn("libgdal", self.field("kerbside", "Depends"))
        self.assertRegex(self.field("libkerbside-dev", "Depends"), r"libkerbside0 \(= ")

    def test_what_the_packed_guides_point_to_is_packed(self):
        folder = self.root / "usr/share/doc/kerbside"
        guides = [folder / "docs" / f"{name}{ending}.md" for name in ("tutorial", "how-to") for ending in ("", ".zh")]
        for guide in (*guides, *(folder / f"docs/{name}.md" for name in ("method", "replan", "roads", "benchmark")),
                      folder / "bench/README.md", folder / "examples/solver/README.md"):
            for link in re.findall(r"\]\(([^)#\s:]+)", guide.read_text(encoding="utf-8")):
                self.assertTrue((guide.parent / link).exists(), (guide.name, link))
            for name in re.findall(r"\bexamples/[\w./-]+\w", "\n".join(re.findall(r"```sh\n(.*?)```", guide.read_text(encoding="utf-8"), re.S))):
                self.assertTrue((folder / name).exists(), (guide.name, name))

    def test_the_licence_of_the_map_engine_is_in_the_package(self):
        text = (self.root / "usr/share/doc/kerbside/copyright").read_text()
        self.assertIn("MapLibre contributors", text)

    def test_the_engine_is_the_pinned_one_and_no_registry_is_asked_for_it(self):
        run(SOURCE / "io/map/fetch-maplibre", "--check")
        packed = (self.root / "usr/bin/kerbside").read_bytes()
        for name in ("maplibre-gl.js", "maplibre-gl.css", "maplibre-gl.LICENSE.txt"):
            self.assertIn((SOURCE / "io/map" / name).read_bytes().rstrip(), packed, name)
            self.assertIn(name, (SOURCE / "io/map/maplibre-gl.sha256").read_text())
        self.assertFalse((self.registries / "asked").exists())
        for script in (SOURCE / "CMakeLists.txt", *SOURCE.glob("packaging/*.cmake")):
            code = re.sub(r"#.*", "", script.read_text())
            self.assertNotRegex(code, r"\b(npm|npx|curl|wget|FetchContent|ExternalProject|DOWNLOAD)\b", script)

    def test_programs_are_stripped_and_find_their_libraries(self):
        for name in ("usr/bin/kerbside", "usr/bin/kerbside-bench", "usr/lib/libkerbside.so.0"):
            path = self.root / name
            if not path.exists():
                path = next(self.root.rglob(path.name))
            self.assertNotIn(b".debug_info", run("readelf", "-S", path).stdout)
            self.assertNotIn(b"not found", run("ldd", path).stdout)

    def test_the_command_plans_from_there(self):
        command = self.root / "usr/bin/kerbside"
        run(command, "plan", RELEASE / "streets.problem.pb", "--roads", RELEASE / "town.osm.gz",
            "--iterations", 50, "--quiet", "-o", self.scratch / "plan.pb", "--map",
            self.scratch / "map.html", ok=(0, 5))
        self.assertIn(b"maplibre", (self.scratch / "map.html").read_bytes())

    def test_the_bench_prices_present_rounds_and_names_no_folder_of_the_build(self):
        command = self.root / "usr/bin/kerbside-bench"
        with Scratch() as tmp:
            make_district(tmp, bins=6, kerb_km=0.2, days=7)
            rows = (tmp / "district/containers.csv").read_text().splitlines()
            fleet = re.findall(r"id: (T\d+)", (tmp / "district/district.yaml").read_text())
            (tmp / "rounds.csv").write_text(f"vehicle,order,container\n{fleet[0]},1,{rows[1].split(',')[0]}\n")
            done = run(command, "rounds", tmp / "district/district.yaml", tmp / "rounds.csv", ok=(0, 6))
            self.assertIn('"cost"', done.stdout.decode().splitlines()[-1])
        self.assertNotIn(str(SOURCE).encode(), command.read_bytes())

    def test_every_manual_page_is_clean(self):
        if not shutil.which("groff"):
            self.skipTest("groff is absent")
        pages = [*self.root.glob("usr/share/man/man1/*.1")]
        self.assertGreater(len(pages), 10)
        for page in pages:
            done = run("groff", "-man", "-Tutf8", "-ww", "-z", page)
            self.assertEqual(done.stderr, b"", page)

    def test_dpkg_unpacks_them(self):
        if os.geteuid() != 0:
            self.skipTest("needs root")
        root = self.scratch / "dpkg"
        (root / "var/lib/dpkg/updates").mkdir(parents=True)
        (root / "var/lib/dpkg/info").mkdir()
        (root / "var/lib/dpkg/status").touch()
        run("dpkg", f"--root={root}", "--force-depends", "--unpack", *self.debs.values())
        told = run("dpkg-query", f"--admindir={root}/var/lib/dpkg", "-W", "-f",
                   "${Package} ${db:Status-Status}\n").stdout.decode().split("\n")
        self.assertEqual(sorted(filter(None, told)), sorted(f"{p} unpacked" for p in PACKAGES))


class Units(unittest.TestCase):
    def test_systemd_understands_them(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd is absent")
        with Scratch() as tmp:  # the program it names is not installed here
            for unit in UNITS.glob("kerbside-nightly.*"):
                (tmp / unit.name).write_text(unit.read_text().replace(
                    "/usr/lib/kerbside/nightly", str(UNITS / "nightly")))
            done = run("systemd-analyze", "verify", "--man=no", *tmp.iterdir(), ok=None)
            self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_the_service_is_hardened(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd is absent")
        done = run("systemd-analyze", "security", "--offline=true", f"--threshold={WORST_EXPOSURE}",
                   UNITS / "kerbside-nightly.service", ok=None)
        self.assertEqual(done.returncode, 0, done.stdout.decode()[-300:])


class Nightly(unittest.TestCase):
    def night(self, folder, ok, **more):
        env = dict(os.environ, PATH=f"{BUILD}:{os.environ['PATH']}", KERBSIDE_OUT=str(folder / "out"),
                   KERBSIDE_CITY=str(folder / "city.yaml"), KERBSIDE_DATE="2026-11-02",
                   KERBSIDE_OPTIONS="--iterations 20 --seed 3", **more)
        (folder / "out").mkdir(exist_ok=True)
        done = subprocess.run([UNITS / "nightly"], env=env, capture_output=True, check=False)
        self.assertIn(done.returncode, ok, done.stderr)
        return done

    def test_tonight_points_to_the_night_planned(self):
        with Scratch() as tmp:
            district = make_district(tmp, bins=10, kerb_km=0.5)
            (tmp / "city.yaml").write_text(
                f"schema_version: 1\ndistricts:\n  - {{id: north, file: {district}}}\n")
            self.night(tmp, (0, 5))
            for name in ("north.pb", "north.html", "north/zones.html", "index.html"):
                self.assertTrue((tmp / "out/tonight" / name).is_file(), name)
            self.assertEqual(os.readlink(tmp / "out/tonight"), "2026-11-02")
            self.assertIn(b"finished before", self.night(tmp, (0, 5)).stdout)

    def test_a_failed_night_leaves_tonight_alone_and_says_why(self):
        with Scratch() as tmp:
            (tmp / "bad.yaml").write_text("schema_version: 1\nnonsense: true\n")
            (tmp / "city.yaml").write_text(
                "schema_version: 1\ndistricts:\n  - {id: bad, file: bad.yaml}\n")
            (tmp / "out").mkdir()
            (tmp / "out/tonight").symlink_to("2026-11-01")
            done = self.night(tmp, (1,))
            self.assertEqual(os.readlink(tmp / "out/tonight"), "2026-11-01")
            self.assertIn(b"district bad: exit 1", done.stderr)
            self.assertIn(b"nonsense", done.stderr)

    def test_in_the_journal_failures_have_their_priority(self):
        """A journal is a socket or file that JOURNAL_STREAM names by device and inode."""
        with Scratch() as tmp:
            log = tmp / "journal"
            with log.open("wb") as to:
                there = os.fstat(to.fileno())
                env = dict(os.environ, JOURNAL_STREAM=f"{there.st_dev}:{there.st_ino}")
                subprocess.run([KERBSIDE, "plan", tmp / "none.pb"], env=env, stderr=to, check=False)
                subprocess.run([KERBSIDE, "plan", tmp / "none.pb", "--log=json"], env=env, stderr=to,
                               check=False)
            lines = log.read_text().splitlines()
            self.assertTrue(lines[0].startswith("<3>kerbside: "), lines)
            self.assertTrue(lines[1].startswith('<3>{"time"'), lines)


if __name__ == "__main__":
    unittest.main()
