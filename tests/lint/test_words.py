#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""solver/base/words.def has every word and message that a person reads: what the code looks up there
is there, every translation has the values of its English, and every message can be read in Chinese but
those to programmers who call the library wrongly (KERB_BAD_CALL).

A message is taken apart as the code does it (solver/base/words.c): as a whole, else at ": ",
", expected ", "; " and ", ", whichever comes first. A piece of nothing but values needs no row."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAY, KEY = (re.compile(r'^%s\("((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"\)$' % word, re.M) for word in ("SAY", "KEY"))
STRING = r'"(?:[^"\\]|\\.)*"'
VALUE = re.compile(r"%(?:(\d)\$)?[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|z|j|t)?([a-zA-Z])")
LOOKED_UP = ("ki_say", "ki_text_say", "ki_text_word")
TOLD = ("ki_fail", "ki_file_fault", "ki_fault", "ki_plan_text", "ki_seal_text", "ki_reader_note", "ki_quarantine")
# What the checker finds: the figure follows the words.
FIGURES = {"ki_check_same": " %lld", "ki_check_same_text": " %s"}
# Whatever is a sentence in these must have its Chinese: what a planner reads of a district, its tables and reasons.
COVERED = ("io/district*.c", "io/tables*.c", "solver/model/validate*.c", "solver/model/decide.c",
           "solver/model/facility.c", "solver/model/fleet.c", "solver/model/street.c", "solver/model/task.c",
           "solver/model/note*.c", "solver/plan/check*.c",
           "solver/plan/plan_decisions.c", "solver/plan/plan_reasons.c", "solver/haul/night*.c")


# Of the covered ones: help of keys and columns, and what is written for programs.
NOT_READ = ("io/district_key_table.c", "io/district_docs.c", "io/district_rematch.c", "io/tables_plan.c",
            "io/tables_geopackage.c")
# What is said to lack memory, and our own faults.
ASIDE = re.compile(r"(?:ki_fail_no_memory|assert|_Static_assert)\((?:[^()]|\([^()]*\))*\)|/\*.*?\*/|^#.*?$", re.S | re.M)
# Put together from pieces; each way to do so has its row, which tests/base/test_words.c tries.
ASSEMBLED = {
    "left out: %s%s would cost %s %s, %s %s more than the %s %s of leaving it",
    "left out when the search ended: %s%s would cost %s %s and save %s %s; search longer",
    "left out: %s%s, would make that shift %lld min too long%s",
    ", with %d min kept free for delays",
    "left out: %s%s, would miss the window of %s by %lld min%s",
    "way %lld is not open to this vehicle %s",
    "way %lld is not open to this vehicle %s at %s",
}


def joined(literals):
    return "".join(text[1:-1] for text in re.findall(STRING, literals))


def calls(text, names):
    """(name, its string literals, adjacent ones joined) of every call but those that blame the caller."""
    for call in re.finditer(r"\b(%s)\(" % "|".join(names), text):
        at, depth = call.end(), 1
        while depth and at < len(text):
            literal = re.compile(STRING).match(text, at)
            if literal:
                at = literal.end()
                continue
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            at += 1
        body = text[call.end():at - 1]
        if "KERB_BAD_CALL" in body:
            continue
        yield call.group(1), [joined(one) for one in re.findall(r"(?:%s\s*)+" % STRING, body)]


def values(text):
    return [(int(index) if index else None, letter) for index, letter in
            ((one.group(1), one.group(2)) for one in VALUE.finditer(text.replace("%%", "")))]


def faults_of_row(english, chinese):
    wanted = [letter for _, letter in values(english)]
    got = values(chinese)
    for order, (index, letter) in enumerate(got):
        place = index - 1 if index else order
        if place >= len(wanted) or wanted[place] != letter:
            yield f"{english!r}: value {place + 1} of {chinese!r} is not that of the English"
    if got and any(index for index, _ in got) and not all(index for index, _ in got):
        yield f"{english!r}: {chinese!r} numbers some of its values only"
    if "*" in "".join(one.group(0) for one in VALUE.finditer(english)):
        yield f"{english!r}: a width given as a value"
    if not chinese.strip():
        yield f"{english!r}: empty"


def is_bare(piece):
    """Nothing but values, marks, and names that are the same in every language."""
    if re.match(r"(line|record|field|key) %", piece):
        return True  # of a place
    rest = VALUE.sub("", piece.replace("%%", ""))
    return len(re.findall(r"[A-Za-z]", rest)) < 3


def plain(message):
    """Without the most that is told of a name."""
    return re.sub(r"%\.\d+s", "%s", message)


def lacking(message, rows):
    """The pieces of a message that no row has."""
    message = message.removeprefix("%.*s")
    if message in rows or plain(message) in rows or message in ASSEMBLED or is_bare(message):
        return []
    place, expected = message.find(": "), message.find(", expected ")
    first = min((at for at in (place, expected) if at >= 0), default=len(message))
    if 0 <= message.find("; ") < first:
        return [one for piece in message.split("; ", 1) for one in lacking(piece, rows)]
    if place >= 0 and (expected < 0 or place < expected):
        return lacking(message[place + 2:], rows)  # a place stays
    if expected >= 0:
        return lacking(message[:expected], rows) + lacking(message[expected + 11:], rows)
    if ", " in message:
        return [one for piece in message.split(", ") for one in lacking(piece, rows)]
    return [message]


def sentences(text):
    """Whatever stands in quotes and has a space in it."""
    for literals in re.findall(r"(?:%s\s*)+" % STRING, ASIDE.sub("", text)):
        if " " in joined(literals).strip():
            yield joined(literals)


def read_rows(tables, pattern, word, faults):
    """English to Chinese, of the rows that begin with a word."""
    pairs, seen = pattern.findall(tables), set()
    n_lines = len(re.findall(rf"^{word}\(", tables, re.M))
    if n_lines != len(pairs):
        faults.append(f"words.def: {n_lines} rows {word}, {len(pairs)} that can be read")
    for english, chinese in pairs:
        if english in seen:
            faults.append(f"words.def: {word} {english!r} twice")
        seen.add(english)
        faults += [f"words.def: {one}" for one in faults_of_row(english, chinese)]
    return dict(pairs)


def main():
    faults = []
    tables = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "solver/base").glob("words*.def")))
    rows, key_rows = (read_rows(tables, pattern, word, faults) for pattern, word in ((SAY, "SAY"), (KEY, "KEY")))
    covered = {path for pattern in COVERED for path in ROOT.glob(pattern)}
    n_told = 0
    for path in sorted(path for folder in ("solver", "io", "cli") for path in (ROOT / folder).rglob("*.c")):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT)
        for call, literals in calls(text, LOOKED_UP):
            faults += [f"{name}: {call}: {one!r} is not in words.def" for one in literals
                       if one not in rows and not is_bare(one)]
        for call, literals in calls(text, ("ki_say_key",)):
            faults += [f"{name}: {call}: {one!r} is not in words_keys.def" for one in literals if one not in key_rows]
        if path in covered and str(name) not in NOT_READ and not path.name.startswith("check"):
            faults += [f"{name}: {piece!r} has no Chinese" for one in sentences(text) for piece in lacking(one, rows)]
        for call, literals in calls(text, ("ki_check_say", *FIGURES)):
            whole = [one + FIGURES.get(call, "") for one in literals[:1]]
            faults += [f"{name}: {call}: {piece!r} has no Chinese" for one in whole for piece in lacking(one, rows)]
        for call, literals in calls(text, TOLD):
            n_told += len(literals) > 0
            faults += [f"{name}: {call}: {piece!r} has no Chinese"
                       for literal in literals if " " in literal for piece in lacking(literal, rows)]
    print(f"{len(rows)} rows, {len(key_rows)} of keys, {n_told} messages")
    for one in faults:
        print("FAULT", one)
    return bool(faults)


sys.exit(main())
