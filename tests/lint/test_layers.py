#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dependencies point one way (docs/ARCHITECTURE.md), third-party headers stay in their files, memory
and written files go through their one place, the library is silent. Lists every offence."""
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
    "haul": {"base", "road", "demand", "model", "route", "master", "plan"},
    "plan": {"base", "road", "demand", "model", "route"},
    "replan": {"base", "road", "demand", "model", "route", "search", "plan"},
}
# Third-party and system headers that one file (or folder) wraps for all.
ONLY_IN = {
    r"glpk\.h": r"solver/master/lp_glpk\.c",
    r"(gdal|ogr_|cpl_).*\.h": r"io/tables(_geopackage|_workbook)?\.c",
    r"libfyaml\.h": r"io/district_yaml\.c",
    r"json-c/.*\.h": r"io/tables_json\w*\.[ch]",
    r"iconv\.h": r"io/tables_encoding\.c",
    r"(osmium|protozero)/.*": r"io/osm_\w+\.(cpp|hpp)",
    r"(zlib|bzlib|expat)\.h": r"io/(osm_\w+\.(cpp|hpp)|map_pack\.c)",
    r".*\.pb-c\.h": r"io/(messages\w*|tables_messages)\.[ch]",
    r"(pthread|threads)\.h": r"solver/base/pool\.c|examples/\w+\.c",
    r"(time|sys/time|sys/resource)\.h": r"solver/base/clock\.c|(cli|bench)/\w+\.c",
    r"signal\.h": r"cli/\w+\.c",
}
# Calls that belong to one file: pattern of the call, where it may stand, why.
CALLS = (
    (r"(malloc|calloc|realloc|reallocarray|aligned_alloc|posix_memalign|free|strdup|strndup|getline"
     r"|getdelim|asprintf|vasprintf|open_memstream)\s*\(", r"solver/base/alloc\.c|cli/.*",
     "memory goes through base/alloc.c"),
    (r"fopen\s*\([^;]*\"[wa]|fopen\s*\([^;]*\"r[bt]*\+", r"", "files are written by base/file.c"),
    (r"(creat|fsync|fdatasync|rename|renameat|unlink|mkstemp|tmpfile|ftruncate|truncate|pwrite|write)"
     r"\s*\(", r"solver/base/file\.c", "files are written by base/file.c"),
    (r"O_(CREAT|WRONLY|RDWR|APPEND|TRUNC)\b", r"solver/base/file\.c|cli/batch\.c",  # the lock
     "files are written by base/file.c"),
    (r"(printf|puts|putchar|fprintf|vprintf|vfprintf|fputs|fputc|perror)\s*\(|std(out|err)\b"
     r"|std::c(out|err)\b", r"cli/.*|bench/.*", "the library writes nothing to the terminal"),
    (r"(exit|_exit|_Exit|abort|quick_exit|system|popen|fork|setlocale|signal|sigaction|longjmp)\s*\(",
     r"cli/.*|bench/.*|solver/master/lp_glpk\.c",  # longjmp out of GLPK's error hook
     "the library neither ends, nor starts, nor changes its process"),
    (r"(rand|srand|random|drand48|rand_r|arc4random)\s*\(", r"", "chance comes from base/rng.h"),
    (r"(strtok|localtime|gmtime|asctime|ctime|tmpnam)\s*\(", r"", "not safe between threads"),
    (r"(strcpy|strcat|sprintf|vsprintf|gets)\s*\(", r"", "writes without a bound"),
)
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)
STRING_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*', re.S)
LIBRARY_IO = re.compile(r"io/(api\w*|messages\w*|osm_\w+|plan_\w+|roads_\w+)\.")
FILES_HEADER = re.compile(r"(io/)?(district\w*|tables\w*|city|coordinates)\.h")


def sources(*folders):
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".c", ".h", ".cpp", ".hpp"):
                yield path.relative_to(ROOT).as_posix(), path.read_text()


def code_of(text):
    """Without comments; strings stay only where they are the mode of an fopen."""
    return STRING_OR_COMMENT.sub(
        lambda m: m[0] if re.fullmatch(r'"[rwab+t]{1,3}"', m[0]) else '""' if m[0][0] == '"' else " ",
        text)


def wrong_layers(name, header):
    folder, *rest = name.split("/")
    layer, first = rest[0], header.split("/")[0]
    if folder == "solver":
        if header.startswith(("io/", "cli/", "bench/")):
            yield f"{name} includes {header}: solver/ knows neither files nor OSM"
        if layer in LAYERS and (header == "solve.h" or
                                first in LAYERS and first != layer and first not in LAYERS[layer]):
            yield f"{name} includes {header}: {layer} may not depend on {first}"
    if folder == "io":
        if header.startswith(("cli/", "bench/")):
            yield f"{name} includes {header}: io/ serves the command, not the reverse"
        if LIBRARY_IO.match(name) and FILES_HEADER.fullmatch(header):
            yield f"{name} includes {header}: tables and the district file are not in libkerbside"
    if folder == "cli" and (first in LAYERS or first == "bench"):
        yield f"{name} includes {header}: the command uses the public header only"
    if folder == "examples" and "/" in header or folder == "examples" and header.endswith("_t.h"):
        yield f"{name} includes {header}: an example uses the public header only"


def faults():
    for name, text in sources("solver", "io", "cli", "bench", "examples"):
        code = code_of(text)
        for header in INCLUDE.findall(text):
            yield from wrong_layers(name, header)
            for pattern, where in ONLY_IN.items():
                if re.fullmatch(pattern, header) and not re.fullmatch(where, name):
                    yield f"{name} includes {header}, allowed only in {where}"
        if name.startswith("examples/"):
            continue
        for pattern, where, why in CALLS:
            if re.fullmatch(where, name):
                continue
            for found in re.finditer(r"(?<![\w.>])(?<!\w::)(?:" + pattern + ")", code):
                yield f"{name} has {found[0].split('(')[0].strip()}: {why}"
        if name.endswith((".c", ".cpp")) and re.search(r"\brealpath\s*\([^;]*,\s*NULL\)", code):
            yield f"{name} has realpath without a buffer: memory goes through base/alloc.c"


def main():
    found = sorted(set(faults()))
    for fault in found:
        print(fault)
    print(f"{len(found)} faults")
    return 1 if found else 0


sys.exit(main())
