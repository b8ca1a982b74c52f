#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the library exports is what the header declares is what packaging/libkerbside.map pins; what
it calls of the C library neither prints, nor ends, nor changes its process."""
import os
import pathlib
import re
import subprocess
import sys
import unittest

BUILD = pathlib.Path(os.environ["KERBSIDE_BUILD"])
SOURCE = pathlib.Path(os.environ["KERBSIDE_SOURCE"])
LIBRARY = BUILD / "libkerbside.so"
# The C++ runtime inside may end the process (std::terminate), assert() for our own faults too: both
# stand in other objects than ours, or under other names.
FORBIDDEN = re.compile(
    r"^(printf|vprintf|puts|putchar|fprintf|vfprintf|fputs|fputc|fwrite|perror|psignal|stdout|stderr"
    r"|__printf_chk|__fprintf_chk|exit|_exit|_Exit|quick_exit|atexit|abort|raise|kill|signal"
    r"|sigaction|sigprocmask|pthread_sigmask|setlocale|setenv|putenv|chdir|umask|fork|system|popen"
    r"|_ZSt4cout|_ZSt4cerr)(@.*)?$")
if "KERB_SANITIZE:STRING=\n" not in (BUILD / "CMakeCache.txt").read_text():
    print("SKIPPED: the sanitizers' runtime is in the library")
    sys.exit(77)


def output(*words):
    return subprocess.run([str(w) for w in words], check=True, capture_output=True).stdout.decode()


def declared():
    text = re.sub(r"/\*.*?\*/", "", (SOURCE / "include/kerbside.h").read_text(), flags=re.S)
    return set(re.findall(r"\b(kerb_\w+)\(", text))


def pinned():
    text = re.sub(r"/\*.*?\*/", "", (SOURCE / "packaging/libkerbside.map").read_text(), flags=re.S)
    return re.findall(r"\b(kerb_\w+);", text)


def exported():
    names = [line.split()[-1] for line in output("nm", "-D", "--defined-only", LIBRARY).splitlines()]
    return {name.split("@")[0] for name in names if not name.startswith("KERBSIDE_")}


class Symbols(unittest.TestCase):
    def test_the_map_pins_what_the_header_declares(self):
        self.assertEqual(sorted(declared() - set(pinned())), [],
                         "add these to packaging/libkerbside.map")
        self.assertEqual(sorted(set(pinned()) - declared()), [],
                         "a call that programs may use is gone from the header: docs/abi.md")

    def test_the_map_is_in_order(self):
        self.assertEqual(pinned(), sorted(set(pinned())))

    def test_the_library_exports_what_is_pinned_and_nothing_else(self):
        self.assertEqual(exported(), set(pinned()))

    def test_our_objects_call_nothing_that_prints_ends_or_handles_signals(self):
        objects = list((BUILD / "CMakeFiles/kerbside_objects.dir").rglob("*.c.o"))
        self.assertGreater(len(objects), 100)
        faults = []
        for line in output("nm", "-A", "--undefined-only", *objects).splitlines():
            name = line.split()[-1]
            if FORBIDDEN.match(name):
                faults.append(line.split("kerbside_objects.dir/")[-1])
        self.assertEqual(faults, [])


if __name__ == "__main__":
    unittest.main()
