#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cmake --install gives is enough for C programs: the examples are built against it by
pkg-config, by find_package and statically, and run. They need neither C++ nor GDAL."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["KERBSIDE_BUILD"])
SOURCE = pathlib.Path(os.environ["KERBSIDE_SOURCE"])
EXAMPLES = ("dispatch", "nightly", "what_if")
PROBLEM = SOURCE / "tests/fuzz/corpus/fuzz_messages/problem_python"  # after its first byte
# What a bookworm has to have beside libc; a change here is a change of the package's dependencies.
LIBRARY_NEEDS = {"libglpk.so.40", "libprotobuf-c.so.1", "libz.so.1", "libbz2.so.1.0",
                 "libexpat.so.1"}
C_LIBRARY = {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
STRICT = ["-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
CMAKE_PROJECT = """cmake_minimum_required(VERSION 3.25)
project(user LANGUAGES C)
find_package(kerbside 0.1 REQUIRED)
if(NOT EXISTS ${KERBSIDE_PROTO_DIR}/kerbside/v1/problem.proto)
  message(FATAL_ERROR "no messages in ${KERBSIDE_PROTO_DIR}")
endif()
foreach(example dispatch nightly what_if)
  add_executable(${example} ${EXAMPLES}/${example}.c)
  target_link_libraries(${example} PRIVATE kerbside::kerbside)
endforeach()
"""
if "KERB_SANITIZE:STRING=\n" not in (BUILD / "CMakeCache.txt").read_text():
    print("SKIPPED: a sanitized library needs its runtime before it")
    sys.exit(77)


def run(*words, **more):
    done = subprocess.run([str(w) for w in words], capture_output=True, check=False, **more)
    assert done.returncode == 0, (words, done.stdout[-2000:], done.stderr[-2000:])
    return done.stdout.decode()


def needed(path):
    return set(re.findall(r"NEEDED.*\[(.*)\]", run("readelf", "-d", path)))


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = pathlib.Path(tempfile.mkdtemp(prefix="kerbside-"))
        first = cls.scratch / "first"
        run("cmake", "--install", BUILD, "--prefix", first)
        cls.prefix = cls.scratch / "moved"  # nothing in it may know where it was put first
        first.rename(cls.prefix)
        cls.lib = next(cls.prefix.rglob("libkerbside.so.0")).parent
        cls.env = dict(os.environ, PKG_CONFIG_PATH=str(cls.lib / "pkgconfig"),
                       LD_LIBRARY_PATH=str(cls.lib))
        cls.problem = cls.scratch / "five_sites.pb"
        cls.problem.write_bytes(PROBLEM.read_bytes()[1:])

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.scratch, ignore_errors=True)

    def flags(self, *words):
        return run("pkg-config", *words, "kerbside", env=self.env).split()

    def examples_work(self, folder, env):
        text = run(folder / "dispatch", env=env)
        self.assertIn("A1:", text)
        out = self.scratch / "plans"
        out.mkdir(exist_ok=True)
        text = run(folder / "nightly", "-", out, self.problem, self.problem, env=env)
        self.assertEqual(text.count("five_sites.pb: "), 2, text)
        plan = out / "five_sites.plan.pb"
        run(self.prefix / "bin/kerbside", "check", self.problem, plan)
        text = run(folder / "what_if", "-", self.problem, "V1", env=env)
        self.assertIn("V1 is worth ", text)

    def test_the_tree_holds_what_users_look_for(self):
        for name in ("include/kerbside.h", "bin/kerbside", "share/kerbside/proto/LICENSE",
                     "share/kerbside/proto/kerbside/v1/plan.proto"):
            self.assertTrue((self.prefix / name).is_file(), name)
        for name in ("libkerbside.so", "libkerbside.so.0", "libkerbside.a", "pkgconfig/kerbside.pc",
                     "cmake/kerbside/kerbsideConfig.cmake"):
            self.assertTrue((self.lib / name).exists(), name)

    def test_the_library_says_its_name_and_needs_no_cpp_and_no_gdal(self):
        library = self.lib / "libkerbside.so"
        self.assertIn("Library soname: [libkerbside.so.0]", run("readelf", "-d", library))
        self.assertEqual(needed(library) - C_LIBRARY, LIBRARY_NEEDS)

    def test_by_pkg_config(self):
        folder = self.scratch / "by_pkg_config"
        folder.mkdir()
        for name in EXAMPLES:
            run("cc", *STRICT, SOURCE / f"examples/{name}.c", *self.flags("--cflags", "--libs"),
                "-o", folder / name)
            self.assertEqual(needed(folder / name) - C_LIBRARY, {"libkerbside.so.0"})
        self.assertRegex(run("nm", "-D", folder / "dispatch"), "kerb_plan_solve@KERBSIDE_0")
        self.examples_work(folder, self.env)

    def test_by_find_package(self):
        folder = self.scratch / "by_cmake"
        folder.mkdir()
        (folder / "CMakeLists.txt").write_text(CMAKE_PROJECT)
        run("cmake", "-S", folder, "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={self.prefix}",
            f"-DEXAMPLES={SOURCE / 'examples'}")
        run("cmake", "--build", folder / "build")
        self.assertEqual(needed(folder / "build/dispatch") - C_LIBRARY, {"libkerbside.so.0"})
        self.examples_work(folder / "build", os.environ)

    def test_another_minor_version_is_not_taken_for_this_one(self):
        folder = self.scratch / "by_version"
        folder.mkdir()
        (folder / "CMakeLists.txt").write_text(CMAKE_PROJECT.replace("0.1", "0.2"))
        done = subprocess.run(["cmake", "-S", folder, "-B", folder / "build",
                               f"-DCMAKE_PREFIX_PATH={self.prefix}"], capture_output=True)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(b"0.2", done.stderr)

    def test_statically(self):
        folder = self.scratch / "static"
        folder.mkdir()
        libs = [self.lib / "libkerbside.a" if flag == "-lkerbside" else flag
                for flag in self.flags("--static", "--cflags", "--libs")]
        for name in EXAMPLES:
            run("cc", *STRICT, SOURCE / f"examples/{name}.c", *libs, "-o", folder / name)
        self.assertNotIn("libkerbside.so.0", needed(folder / "dispatch"))
        self.examples_work(folder, os.environ)


if __name__ == "__main__":
    unittest.main()
