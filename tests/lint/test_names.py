#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every source names its licence; no file names a registry host or a path of one machine; section
comments stand on one line (clang-format breaks those of more than 100 columns in two)."""
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(os.environ.get("KERBSIDE_SOURCE", pathlib.Path(__file__).parents[2]))
HOSTS = re.compile(r"registry\.npm|deb\.debian\.org|pypi\.org|https?://[^\s\"']*npmjs")

BROKEN_SECTION = re.compile(r"^[ \t]*(/\* ---- .*[^/]\n[ \t]*\*/|\* -{4,})", re.M)


def main():
    listed = subprocess.run(["git", "-C", ROOT, "ls-files"], capture_output=True, text=True)
    if listed.returncode:
        print("skipped: no git checkout")
        return 77
    faults = []
    for name in listed.stdout.split("\n"):
        path = ROOT / name
        if not name or not path.is_file() or name == "tests/lint/test_names.py":
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        if path.suffix in (".c", ".h", ".cpp", ".hpp", ".py", ".sh", ".proto"):
            if "SPDX-License-Identifier" not in text[:400]:
                faults.append(f"{name}: no SPDX line")
        if path.suffix in (".c", ".h", ".cpp", ".hpp") and BROKEN_SECTION.search(text):
            faults.append(f"{name}: a section comment broken in two")
        if HOSTS.search(text):
            faults.append(f"{name}: names a registry host")
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
