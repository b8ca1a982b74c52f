#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""--help, manual pages and completion say what the parser takes; --log json is JSON."""
import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))
from town import BUILD, KERBSIDE, SOURCE, Scratch, make_district, run  # noqa: E402

PROBLEM = SOURCE / "tests/data/releases/0.1.0/matrix.problem.pb"


@functools.lru_cache(maxsize=None)
def text(*words):
    return run(KERBSIDE, *words).stdout.decode()


VERBS = re.findall(r"^  ([a-z]+) +\S", text("--help"), re.M)


# Values of options, which are typed as they stand.
VALUES = {"wgs84", "gcj02", "bd09", "fill", "threshold", "fixed", "fixed_tuned", "perfect", "as_is", "vehicle", "order", "container", "day", "mon", "sun", "text", "district", "zh", "en", "bash", "zsh"}


def options_in(told, head, tail):
    listed = told.partition(f"\n{head}\n")[2].partition(f"\n{tail}\n")[0]
    return re.findall(r"^  (--?[a-z-]+)", listed, re.M)


def options_of(verb):
    return options_in(text(verb, "--help"), "Options", "Examples")


def cells(line):
    return sum(2 if ord(one) > 0x2e80 else 1 for one in line)


class Help(unittest.TestCase):
    def test_every_verb_has_a_form_options_and_examples_of_itself(self):
        self.assertEqual(len(VERBS), 13)
        for verb in VERBS:
            told = text(verb, "--help")
            self.assertEqual(told, text("help", verb))
            self.assertTrue(told.startswith(f"usage: kerbside {verb} "), told)
            self.assertIn(f"\n  kerbside {verb} ", told.split("\nExamples\n")[1])
            lines = told.split("\nExamples\n")[0].splitlines()
            self.assertLessEqual(max(map(len, lines)), 80, verb)

    def test_a_verb_takes_its_own_options_only(self):
        done = run(KERBSIDE, "show", "plan.pb", "--time", "5s", ok=(2,))
        self.assertIn(b"unknown option --time", done.stderr)
        self.assertIn(b"usage: kerbside show ", done.stderr)

    def test_a_value_may_follow_an_equals_sign(self):
        done = run(KERBSIDE, "plan", "none.pb", "--threads=99", ok=(2,))
        self.assertIn(b"option --threads: 99, expected a whole number in range", done.stderr)
        done = run(KERBSIDE, "plan", "none.pb", "--lang=fr", ok=(2,))
        self.assertIn(b"option --lang: fr, expected en|zh", done.stderr)
        done = run(KERBSIDE, "plan", "none.pb", "--quiet=1", ok=(2,))
        self.assertIn(b"no value may follow option --quiet", done.stderr)
        run(KERBSIDE, "check", "--", "--quiet", "none.pb", ok=(1,))

    def test_the_help_of_every_verb_is_in_chinese_too(self):
        heads = ["用法：", "选项", "示例"]
        for words in (["--help"], *([verb, "--help"] for verb in VERBS)):
            told = text(*words, "--lang", "zh")
            english = text(*words)
            # Behind the forms; a command of the examples, the name of an option and a verb are what one types.
            read = [re.sub(r"^  (--?[a-z-]+( \S+)?|[a-z]+)(  +|$)", "", line)
                    for line in told.split("\n\n", 1)[1].splitlines() if not line.startswith("  kerbside ")]
            left = re.findall(r"(?<![A-Za-z_0-9./-])[a-z][A-Za-z]{2,}(?![A-Za-z_0-9./])", "\n".join(read))
            self.assertEqual([one for one in left if one not in {"kerbside", "VERB", *VERBS, *VALUES}], [], words)
            if len(words) == 2:
                self.assertTrue(all(head in told for head in heads), told)
                self.assertLessEqual(max(map(cells, read)), 80, words)
            self.assertEqual(len(options_in(told, "选项", "示例")), len(options_in(english, "Options", "Examples")))
        for words in (["plan"], ["show", "--time", "5s"], ["plan", "a", "b"], ["roads", "--threads"], ["pln"]):
            told = run(KERBSIDE, *words, "--lang", "zh", ok=(2,)).stderr.decode().splitlines()[0]
            self.assertRegex(told, "[\u4e00-\u9fff]", words)
            self.assertNotRegex(told, "missing|unknown|surplus|option ", words)

    def test_the_readme_and_the_manual_name_the_exit_codes_of_the_help(self):
        codes = re.findall(r"^ +(\d+)  ", text("--help"), re.M)
        self.assertEqual(codes, ["0", "1", "2", "3", "4", "5", "6", "70", "130"])
        manual = text("--manual", "plan")
        for code in codes:
            self.assertIn(f"\n.B {code}\n", manual)


FOLDERS = (BUILD / "manual", BUILD / "manual_zh_CN")


class Manual(unittest.TestCase):
    def test_there_is_a_page_for_every_verb(self):
        for folder in FOLDERS:
            pages = {page.name for page in folder.glob("*.1")}
            self.assertEqual(pages, {"kerbside.1"} | {f"kerbside-{verb}.1" for verb in VERBS})

    def test_pages_name_every_option(self):
        for folder, verb in ((folder, verb) for folder in FOLDERS for verb in VERBS):
            page = (folder / f"kerbside-{verb}.1").read_text(encoding="utf-8")
            for option in options_of(verb):
                self.assertIn("\\fB" + option.replace("-", "\\-") + "\\fR", page)

    def test_pages_are_right_roff(self):
        if not shutil.which("groff"):
            self.skipTest("groff is absent")
        for folder, heading, breaks in zip(FOLDERS, ("EXIT STATUS", "退出状态"), ([], ["-mzh", "-Wbreak"])):
            for page in sorted(folder.glob("*.1")):
                done = run("groff", "-man", "-k", "-Tutf8", "-ww", *breaks, page)
                self.assertEqual(done.stderr, b"", page)
                plain = re.sub(r".\x08|\x1b\[\d*m", "", done.stdout.decode())
                self.assertIn(heading, plain)

    def test_the_chinese_pages_are_chinese(self):
        for page in sorted(FOLDERS[1].glob("*.1")):
            lines = page.read_text(encoding="utf-8").splitlines()
            heads = [line for line in lines if line.startswith(".SH ")]
            self.assertTrue(len(heads) >= 4 and all(re.search("[\u4e00-\u9fff]", head) for head in heads), heads)
            # What stays as it is: macros, commands of examples and what they name.
            told = [line for line in lines if not line.startswith((".", "\\fB", "kerbside "))]
            plain = [line for line in told if not re.search("[\u4e00-\u9fff]", line)]
            self.assertEqual(plain, [], page)


def complete_in_bash(*words, folder="."):
    script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _kerbside; '
              'printf "%s\\n" "${COMPREPLY[@]}"')
    done = subprocess.run(["bash", "-c", script, "bash", BUILD / "manual/kerbside.bash", *words],
                          capture_output=True, cwd=folder, check=True)
    return done.stdout.decode().split()


class Completion(unittest.TestCase):
    def test_bash_proposes_verbs(self):
        self.assertEqual(complete_in_bash("kerbside", "s"), ["show", "sheets", "simulate"])
        self.assertEqual(set(VERBS) - set(complete_in_bash("kerbside", "")), set())

    def test_bash_proposes_the_options_of_the_verb(self):
        for verb in VERBS:
            proposed = complete_in_bash("kerbside", verb, "-")
            self.assertEqual(sorted(proposed), sorted(options_of(verb) + ["--help"]), verb)

    def test_bash_proposes_values_and_files(self):
        self.assertEqual(complete_in_bash("kerbside", "map", "--lang", ""), ["en", "zh"])
        self.assertEqual(complete_in_bash("kerbside", "plan", "--coordinates", "g"), ["gcj02"])
        with Scratch() as tmp:
            (tmp / "plan.pb").touch()
            (tmp / "place").mkdir()
            self.assertEqual(sorted(complete_in_bash("kerbside", "show", "pl", folder=tmp)),
                             ["place", "plan.pb"])
            self.assertEqual(complete_in_bash("kerbside", "sheets", "--sheets", "pl", folder=tmp),
                             ["place"])
            self.assertEqual(complete_in_bash("kerbside", "plan", "--seed", "pl", folder=tmp), [])

    def test_zsh_knows_every_verb_and_option(self):
        script = (BUILD / "manual/_kerbside").read_text()
        for verb in VERBS:
            part = script.split(f"\n    {verb})\n")[1].split(";;")[0]
            self.assertEqual(re.findall(r"^        '(--?[a-z-]+)\[", part, re.M),
                             options_of(verb) + ["--help"])

    def test_zsh_can_run_it(self):
        if not shutil.which("zsh"):
            self.skipTest("zsh is absent")
        # Its own builtins are stood in for: they say what they were given.
        script = ('compdef() { :; }; _arguments() { print -l -- "$@"; }; source "$1"; '
                  'words=(kerbside plan ""); CURRENT=3; _kerbside')
        proposed = {}
        for locale in ("C", "zh_CN.UTF-8"):
            done = subprocess.run(["zsh", "-fc", script, "zsh", BUILD / "manual/_kerbside"],
                                  env=dict(os.environ, LC_ALL=locale), capture_output=True, check=True)
            self.assertEqual(done.stderr, b"")
            proposed[locale] = done.stdout.decode().splitlines()
        english, chinese = proposed.values()
        self.assertIn("--lang[the language of page, sheets, summary and messages (default en)]:lang:(en zh)", english)
        names = [[line.split("[")[0] for line in lines] for lines in (english, chinese)]
        self.assertEqual(*names)
        plain = [line for line in chinese if line.startswith("-") and not re.search("[\u4e00-\u9fff]", line)]
        self.assertEqual(plain, [])


def on_a_terminal(*words, **env):
    """What a command shows where both its outputs are a terminal."""
    ours, theirs = os.openpty()
    settings = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=dict(settings, TERM="xterm", **env))
    os.close(theirs)
    shown = bytearray()
    try:
        while read := os.read(ours, 4096):
            shown.extend(read)
    except OSError:  # the other side is closed
        pass
    os.close(ours)
    child.wait()
    return shown.decode().replace("\r\n", "\n")


class Terminal(unittest.TestCase):
    def test_colours_are_for_terminals_that_want_them(self):
        colour = "\x1b["
        with Scratch() as tmp:
            run(KERBSIDE, "plan", PROBLEM, "-o", tmp / "plan.pb", "--iterations", 5, "--quiet", ok=(0, 5))
            plain = run(KERBSIDE, "show", tmp / "plan.pb").stdout.decode()
            self.assertNotIn(colour, plain)
            coloured = on_a_terminal(KERBSIDE, "show", tmp / "plan.pb")
            self.assertIn("\x1b[1mRoutes\x1b[0m\n", coloured)
            self.assertEqual(re.sub(r"\x1b\[[\d;]*m", "", coloured), plain)
            self.assertEqual(on_a_terminal(KERBSIDE, "show", tmp / "plan.pb", NO_COLOR="1"), plain)
            self.assertNotIn(colour, on_a_terminal(KERBSIDE, "show", tmp / "plan.pb", "--json"))
            self.assertIn("\x1b[31mkerbside:\x1b[0m ", on_a_terminal(KERBSIDE, "show", tmp / "none.pb"))
            self.assertNotIn(colour.encode(), run(KERBSIDE, "show", tmp / "none.pb", ok=(1,)).stderr)

    def test_progress_on_a_terminal_is_one_line_in_the_zone_of_the_district(self):
        with Scratch() as tmp:
            district = make_district(tmp, bins=30, kerb_km=1)
            shown = on_a_terminal(KERBSIDE, "plan", district, "--time", "3s", "-o", tmp / "plan.pb", "--json")
        lines = [line for line in shown.split("\n") if "iteration " in line]
        self.assertEqual(len(lines), 1, shown)
        steps = lines[0].split("\r")[1:]
        self.assertGreater(len(steps), 1)
        for step in steps:  # Etc/GMT-8
            self.assertRegex(step, r"^\d{4}(-\d\d){2}T\d\d(:\d\d){2}\+08:00 .*iteration \d+, cost ")


class Log(unittest.TestCase):
    def lines(self, done):
        return [json.loads(line) for line in done.stderr.decode().splitlines()]

    def test_a_plan_ends_with_what_it_came_to(self):
        done = run(KERBSIDE, "plan", PROBLEM, "-o", "-", "--iterations", 5, "--log", "json",
                   ok=(0, 5))
        lines = self.lines(done)
        self.assertTrue(all({"time", "level", "verb"} <= set(line) for line in lines))
        self.assertTrue(all(re.fullmatch(r"\d{4}(-\d\d){2}T\d\d(:\d\d){2}Z", line["time"])
                            for line in lines))
        plan = next(line for line in lines if line.get("event") == "plan")
        self.assertGreater(plan["served"], 0)
        self.assertLessEqual(plan["bound"], plan["cost"])
        self.assertEqual(lines[-1]["event"], "end")
        self.assertEqual(lines[-1]["exit"], done.returncode)

    def test_an_error_is_a_line_too(self):
        with Scratch() as tmp:
            (tmp / 'a"b\\.pb').write_bytes(b"\x08\x01 this is no problem")
            lines = self.lines(run(KERBSIDE, "plan", tmp / 'a"b\\.pb', "--log=json", ok=(1,)))
        self.assertEqual([line["level"] for line in lines], ["error", "error"])
        self.assertIn('a"b\\.pb', lines[0]["message"])
        self.assertEqual(lines[1]["exit"], 1)

    def test_a_batch_says_which_district_failed(self):
        with Scratch() as tmp:
            (tmp / "bad.yaml").write_text("schema_version: 1\nnonsense: true\n")
            (tmp / "city.yaml").write_text(
                "schema_version: 1\ndistricts:\n  - {id: bad, file: bad.yaml}\n")
            lines = self.lines(run(KERBSIDE, "batch", tmp / "city.yaml", "--out-dir", tmp / "out",
                                   "--log", "json", ok=(1,)))
            self.assertIn("district bad: exit 1", lines[0]["message"])
            for line in (tmp / "out/bad.log").read_text().splitlines():
                json.loads(line)


if __name__ == "__main__":
    unittest.main()
