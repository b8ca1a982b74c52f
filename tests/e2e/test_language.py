#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""--lang zh: nothing that show prints is left in English but names, ids and what has no other name;
errors and notes keep place and field; the English is what it was."""
import json
import re

from town import KERBSIDE, SOURCE, Scratch, give_hauls, main, make_district, run

# The same in every language: programs, currencies, methods, keys and files.
SAME = {"kerbside", "GLPK", "CNY", "EUR", "USD", "csv", "record", "field", "yaml", "ng", "OSM"}


# What one types, as it is typed: keys, options, values of tables and tags of the map.
TYPED = {"wgs84", "gcj02", "bd09", "swapped", "CHANGE", "validate", "tertiary", "unclassified", "residential", "secondary", "lat", "lon", "type", "access", "conditional", "moon", "New", "Etc", "GMT"}
VERBS = re.findall(r"^  ([a-z]+) +\S", run(KERBSIDE, "--help").stdout.decode(), re.M)


def english_of(text, names):
    """Words of three letters or more that nobody named, in a text that should have none."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    text = re.sub(r"\S+\.csv", " ", text)
    words = re.findall(r"(?<![A-Za-z_0-9])[A-Za-z]{3,}(?![A-Za-z_0-9])", text)
    return [word for word in words if word not in SAME]


def names_of(district, shown):
    names = set()
    for table in district.parent.glob("*.csv"):
        for line in table.read_text(encoding="utf-8").splitlines()[1:5000]:
            names.update(cell for cell in line.split(",") if re.search("[A-Za-z]", cell))
    names.update(re.findall(r"(?:id|name|vehicle|crew|depot): \"?([^,}\"\n]+)", district.read_text()))
    names.update(route[key] for route in shown["routes"] for key in ("shift", "vehicle", "crew"))
    return {name for name in names if len(name) > 2}


def test_show_says_everything_in_chinese_and_english_is_as_it_was():
    with Scratch() as tmp:
        district = make_district(tmp, bins=80)
        text = district.read_text()
        district.write_text(text.replace(", pre_trip_min:", ", breaks: [{duration_min: 20, after_work_h: 1}], pre_trip_min:"))
        give_hauls(district)
        run(KERBSIDE, "plan", district, "-o", tmp / "plan.pb", "--iterations", 60, "--quiet", ok=(0, 5))
        shown = json.loads(run(KERBSIDE, "show", tmp / "plan.pb", "--json").stdout)
        names = names_of(district, shown)
        chinese = run(KERBSIDE, "show", tmp / "plan.pb", "--lang", "zh").stdout.decode()
        assert english_of(chinese, names) == [], english_of(chinese, names)
        english = run(KERBSIDE, "show", tmp / "plan.pb").stdout
        assert english == run(KERBSIDE, "show", tmp / "plan.pb", "--lang", "en").stdout
        assert not re.search("[\u4e00-\u9fff]", english.decode())
        # The same numbers: nothing was lost on the way.
        numbers = lambda text: sorted(re.findall(r"\d+\.\d+", text))
        assert numbers(chinese) == numbers(english.decode())
        features = run(KERBSIDE, "map", tmp / "plan.pb", "-o", "-").stdout
        reasons = {}
        for feature in json.loads(features)["features"]:
            if feature["properties"]["is"] == "decision":
                reasons.setdefault((feature["properties"]["reason"], feature["properties"]["served"]), feature["properties"])
        assert len(reasons) > 2
        for one in reasons.values():
            told = run(KERBSIDE, "show", tmp / "plan.pb", one["id"], "--lang", "zh").stdout.decode()
            assert english_of(told, names) == [], (one["text"], told)


def made_night(tmp):
    """A district of made sensors, planned; its plan; one event; the plan of the rest of the night."""
    district = make_district(tmp, bins=40)
    run(KERBSIDE, "plan", district, "-o", tmp / "plan.pb", "--iterations", 30, "--quiet", ok=(0, 5))
    route = json.loads(run(KERBSIDE, "show", tmp / "plan.pb", "--json").stdout)["routes"][0]
    clock = run(KERBSIDE, "show", tmp / "plan.pb").stdout.decode()
    out = re.search(r"^  %s .*? (\d\d:\d\d)-" % re.escape(route["shift"]), clock, re.M).group(1)
    later = f"{(int(out[:2]) + 1) % 24:02d}{out[2:]}"
    (tmp / "events.yaml").write_text(f"as_of: '{later}'\nevents:\n  - {{what: vehicle_down, vehicle: {route['vehicle']}}}\n")
    return district


def test_every_verb_says_all_it_prints_in_chinese():
    with Scratch() as tmp:
        district = made_night(tmp)
        shown = json.loads(run(KERBSIDE, "show", tmp / "plan.pb", "--json").stdout)
        names = names_of(district, shown) | {str(tmp), "district", "town", "plan", "Row", "Column"}
        before, after = tmp / "town.osm", tmp / "changed.osm"
        text = before.read_text()
        change = text.replace('v="Row 3"', 'v="New 3"').replace('v="tertiary"', 'v="unclassified"', 1)
        change = change.replace('<tag k="oneway" v="yes"/>', "", 1)
        after.write_text(re.sub(r'<way id="100007".*?</way>', "", change))
        limited = tmp / "limited.osm"
        limited.write_text(text.replace('<tag k="name" v="Row 0"/>', '<tag k="name" v="Row 0"/><tag k="maxheight" v="2"/><tag k="maxweight" v="3"/>')
                           .replace('<tag k="name" v="Column 0"/>', '<tag k="name" v="Column 0"/><tag k="access" v="no"/>')
                           .replace('<tag k="name" v="Row 1"/>', '<tag k="name" v="Row 1"/><tag k="access:conditional" v="no @ (moon)"/>'))
        other = make_district(tmp / "other", bins=30, seed=7) if (tmp / "other").mkdir() is None else None
        bins = tmp / "bins.csv"
        bins.write_text("bin_id,lat,lon,type\nB1,26.9011,112.6011,residual\nB2,26.9022,112.6011,unheard\nB3,,,food\n")
        (tmp / "city.yaml").write_text("schema_version: 1\ndistricts:\n  - {id: d1, file: district/district.yaml}\n")
        verbs = (
            ("plan", district, "-o", tmp / "again.pb", "--iterations", 5, "--sheets", tmp / "s", "--gpx", tmp / "s"),
            ("init", before, bins, "--out-dir", tmp / "new"), ("validate", district), ("roads", before),
            ("roads", limited, "-o", tmp / "town.roads"), ("roads", limited, "--diagnose"), ("roads", district, "--diagnose"),
            ("roads", "--diff", before, after), ("roads", "--rematch", district.parent / "kerbs.csv", before, after),
            ("check", district, tmp / "plan.pb"), ("check", other, tmp / "plan.pb"), ("show", tmp / "plan.pb"),
            ("map", tmp / "plan.pb", "-o", tmp / "map.html"), ("sheets", tmp / "plan.pb", "--sheets", tmp / "s", "--gpx", tmp / "s", "--zones", tmp / "s"),
            ("replan", district, tmp / "plan.pb", tmp / "events.yaml", "--iterations", 20, "-o", tmp / "new.pb"),
            ("reports", district), ("simulate", district, "--days", 2, "--iterations", 5),
            ("batch", tmp / "city.yaml", "--iterations", 5, "--out-dir", tmp / "out"), ("problem", district, "-o", tmp / "p.pb"))
        faults = []
        for verb, *words in verbs:
            done = run(KERBSIDE, verb, *words, "--lang", "zh", ok=(0, 5, 6))
            for line in (done.stdout + done.stderr).decode().splitlines():
                line = re.sub(r"action=.*|line=.*|--[a-z]+ [A-Z]+", "", line)  # a row of corrections, an option
                line = re.sub(r"(?<=[“（])[^”）]*\.pb|/[^ ：；，]*", "", line)  # a path
                left = [word for word in english_of(line, names) if word not in TYPED]
                if left:
                    faults.append((verb, left, line))
        for fault in faults[:60]:
            print(*fault)
        assert {verb for verb, *_ in verbs} == set(VERBS), "a verb is not tried"
        assert not faults, len(faults)


def test_every_kind_of_note_has_its_chinese_name():
    words = set(re.findall(r'SAY\("([a-z_]+)", "', "".join(path.read_text() for path in SOURCE.glob("solver/base/words*.def"))))
    call = re.compile(r'(?:ki_seal_note\(\s*\w+|(?:ki_reader_note|kerb_model_add_note)\(\s*[\w.>-]+(?:,\s*err)?),\s*"([a-z_]+)",')
    kinds = {kind for folder in ("solver", "io", "cli") for path in SOURCE.glob(f"{folder}/**/*.c") for kind in call.findall(path.read_text())}
    assert len(kinds) > 15, kinds
    assert not kinds - words, kinds - words


def test_what_is_wrong_with_a_district_is_said_in_chinese_with_its_place():
    with Scratch() as tmp:
        district = make_district(tmp, bins=20, kerb_km=1)
        good = district.read_text()
        for old, new, wanted in (
                ("shifts:", "shfts:", "未知的键“shfts”，是否想写“shifts”？"),
                ("currency: CNY", "currency: yuan", "key currency：yuan，应为 三个大写字母，如 CNY"),
                ("regular_h: 7", "regular_h: 700", "key shifts[].regular_h：700，应为 0 至 "),
                ("time_zone:", "time_zon:", "未知的键“time_zon”")):
            assert old in good, old
            district.write_text(good.replace(old, new, 1))
            error = run(KERBSIDE, "validate", district, "--lang", "zh", ok=(1,)).stderr.decode()
            assert wanted in error, (old, error)
            assert re.search(r"district\.yaml, line \d+", error), error
        district.write_text(good)
        containers = district.parent / "containers.csv"
        text = containers.read_text()
        containers.write_text(text.replace("stream", "strm", 1))
        error = run(KERBSIDE, "validate", district, "--lang", "zh", ok=(1,)).stderr.decode()
        assert "containers.csv：没有列“stream”" in error and "是否想写“strm”？" in error, error
        containers.write_text(text)
        notes = run(KERBSIDE, "validate", district, "--lang", "zh").stdout.decode()
        assert "：可以计划；问题 " in notes, notes


def test_every_verb_logs_json_and_its_message_is_in_the_language():
    with Scratch() as tmp:
        missing = tmp / "missing.osm"
        for verb, *words in (("roads", missing), ("init", missing, "--out-dir", tmp / "new"), ("show", missing),
                             ("map", missing, "-o", tmp / "map.html"), ("sheets", missing, "--sheets", tmp / "s"),
                             ("check", missing, missing), ("reports", tmp / "a.yaml"), ("problem", tmp / "a.yaml"),
                             ("plan", tmp / "a.yaml"), ("validate", tmp / "a.yaml")):
            done = run(KERBSIDE, verb, *words, "--log", "json", "--lang", "zh", ok=(1,))
            lines = [json.loads(line) for line in done.stderr.decode().splitlines()]
            assert lines[-1]["event"] == "end" and lines[-1]["exit"] == 1, (verb, lines)
            assert all(line["verb"] == verb for line in lines), lines
            assert any("文件或目录不存在" in line.get("message", "") or "无法" in line.get("message", "") or
                       "缺少" in line.get("message", "") for line in lines), (verb, lines)


def test_what_roads_says_beside_a_file_on_standard_output_is_objects():
    with Scratch() as tmp:
        make_district(tmp, bins=5, kerb_km=1)
        done = run(KERBSIDE, "roads", tmp / "town.osm", "--geojson", "-", "--log", "json")
        json.loads(done.stdout)
        lines = [json.loads(line) for line in done.stderr.decode().splitlines()]
        assert any("nodes" in line.get("message", "") for line in lines), lines


main(__import__("sys").modules[__name__])
