#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dependencies point one way (docs/ARCHITECTURE.md), third-party headers stay in their files, and
memory and files go through their one place. Fails on the first kind of offence it finds."""
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(os.environ.get("KERBSIDE_SOURCE", pathlib.Path(__file__).parents[2]))
# A layer may include itself and those named.
LAYERS = {
    "base": set(),
    "road": {"base"},
    "demand": {"base", "road", "model"},  # it reads the draft, which is a model header
    "model": {"base", "road", "demand"},
    "route": {"base", "road", "model"},
    "master": {"base", "road", "model", "route"},
    "search": {"base", "road", "model", "route", "master"},
    "plan": {"base", "road", "demand", "model", "route"},
}
ONLY_IN = {
    "glpk.h": {"solver/master/lp_glpk.c"},
    "gdal.h": {"io/tables.c"},
    "ogr_api.h": {"io/tables.c"},
    "pthread.h": {"solver/base/pool.c"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)


def sources(folder):
    return sorted(p for p in (ROOT / folder).rglob("*") if p.suffix in (".c", ".h", ".cpp"))


def faults():
    for path in sources("solver"):
        name = path.relative_to(ROOT).as_posix()
        text = path.read_text()
        layer = path.relative_to(ROOT / "solver").parts[0]
        for header in INCLUDE.findall(text):
            if header.startswith(("io/", "cli/", "bench/", "gdal", "osmium", "libfyaml")):
                yield f"{name} includes {header}: solver/ knows neither files nor OSM"
            first = header.split("/")[0]
            if layer in LAYERS and first in LAYERS and first != layer and first not in LAYERS[layer]:
                yield f"{name} includes {header}: {layer} may not depend on {first}"
    for folder in ("solver", "io", "cli", "bench"):
        for path in sources(folder):
            name = path.relative_to(ROOT).as_posix()
            text = path.read_text()
            for header in INCLUDE.findall(text):
                if header in ONLY_IN and name not in ONLY_IN[header]:
                    yield f"{name} includes {header}, allowed only in {ONLY_IN[header]}"
                if header.startswith("osmium/") and name != "io/osm_read.cpp":
                    yield f"{name} includes {header}, allowed only in io/osm_read.cpp"
            if folder == "cli":
                for header in INCLUDE.findall(text):
                    if header.startswith(tuple(f"{layer}/" for layer in LAYERS)):
                        yield f"{name} includes {header}: the command uses the public header only"
            if folder in ("solver", "io") and name != "solver/base/alloc.c" and path.suffix != ".cpp":
                code = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)
                for word in re.findall(r"(?<![\w.>])(malloc|calloc|realloc)\s*\(", code):
                    yield f"{name} calls {word}: memory goes through base/alloc.c"


def main():
    found = sorted(set(faults()))
    for fault in found:
        print(fault)
    print(f"{len(found)} faults")
    return 1 if found else 0


sys.exit(main())
