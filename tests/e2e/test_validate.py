#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kerbside validate says everything that is wrong at once: of many faults together each has the
very line it has alone."""
import json
import re
import sys

from town import KERBSIDE, Scratch, main, make_district, run

FAULTS = (  # file, what stood there, what is wrong, a word of the message
    ("district.yaml", "currency: CNY", "currency: yuan", "three capital letters"),
    ("district.yaml", r"time_zone: \S+", "time_zone: Asia/Shangai", "did you mean 'Asia/Shanghai'?"),
    ("district.yaml", "regular_h: 7", "regular_h: 700", "expected 0 to"),
    ("district.yaml", "capacity_kg:", "capcity_kg:", "did you mean 'capacity_kg'?"),
    ("district.yaml", r"vehicle: T02", "vehicle: T2", "unknown vehicle 'T2', did you mean 'T02'?"),
    ("district.yaml", r"extract: \S+", "extract: nowhere.osm", "nowhere.osm cannot be read"))
TABLES = (
    ("containers.csv", "stream", "strm", "no column 'stream'"),
    ("kerbs.csv", "way_id", "way", "no column 'way_id'"),
    ("district.yaml", "currency: CNY", "currency: yuan", "three capital letters"),
    ("district.yaml", "may_ratio: [0-9.]+", "may_ratio: 1.5", "may_ratio"))


def said(district, *words, ok=(1,)):
    done = run(KERBSIDE, "validate", district, *words, ok=ok)
    return [line.removeprefix("kerbside: ") for line in done.stderr.decode().splitlines()]


def break_it(folder, faults):
    for name, old, new, _ in faults:
        path = folder / name
        text = path.read_text()
        after = re.sub(old, new, text, count=1)
        assert after != text, (name, old)
        path.write_text(after)


def together_as_alone(faults):
    with Scratch() as tmp:
        district = make_district(tmp, bins=20, kerb_km=1)
        folder = district.parent
        good = {path: path.read_text() for path in folder.iterdir() if path.is_file()}
        alone = []
        for fault in faults:
            break_it(folder, [fault])
            lines = said(district)
            assert any(fault[3] in line for line in lines), (fault, lines)
            alone += [line for line in lines if not line.endswith(" faults")]
            for path, text in good.items():
                path.write_text(text)
        break_it(folder, faults)
        lines = said(district)
        assert lines[-1] == f"{district}: {len(lines) - 1} faults", lines
        assert sorted(lines[:-1]) == sorted(set(alone)), (lines, alone)
        return len(lines) - 1


def test_of_many_faults_of_the_file_each_has_the_line_it_has_alone():
    assert together_as_alone(FAULTS) >= len(FAULTS)


def test_faults_of_tables_and_file_are_said_together():
    assert together_as_alone(TABLES) >= len(TABLES)


def test_a_single_fault_is_a_single_line_and_a_sound_district_has_none():
    with Scratch() as tmp:
        district = make_district(tmp, bins=10, kerb_km=0.5)
        assert said(district, ok=(0,)) == []
        break_it(district.parent, FAULTS[:1])
        assert len(said(district)) == 1


def test_each_fault_is_an_object_of_the_log_and_has_its_words_in_chinese():
    with Scratch() as tmp:
        district = make_district(tmp, bins=10, kerb_km=0.5)
        break_it(district.parent, FAULTS)
        told = [json.loads(line) for line in said(district, "--log", "json")]
        assert [one["message"] for one in told[:-1]] == said(district)
        assert told[-1]["event"] == "end" and told[-1]["exit"] == 1
        chinese = said(district, "--lang", "zh")
        assert len(chinese) == len(told) - 1 and f"共 {len(chinese) - 1} 处错误" in chinese[-1], chinese
        for line in chinese:
            assert re.search("[\u4e00-\u9fff]", line), line


def test_no_end_of_faults_is_not_an_end_of_lines():
    with Scratch() as tmp:
        district = make_district(tmp, bins=10, kerb_km=0.5)
        district.write_text(district.read_text() + "".join(f"wrong{at}: 1\n" for at in range(150)))
        lines = said(district)
        assert len(lines) == 101 and lines[-1].endswith(": 150 faults"), (len(lines), lines[-1])


if __name__ == "__main__":
    main(sys.modules[__name__])
