#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What documents say of commands exists, also where no test can run it: verbs and options of kerbside and
kerbside-bench by their --help, words of ./dev, options of scripts, units and packages; wherever they
stand, in blocks or within a sentence. And no command stands in a block that is not run: every such block is sh,
and every document with one is a document of a test."""
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))
import test_docs  # noqa: E402
from town import BENCH, KERBSIDE, SOURCE, run  # noqa: E402

DOCUMENTS = [path for pattern in ("*.md", "docs/**/*.md", "bench/*.md", "bench/contestants/*.md", "examples/**/*.md")
             for path in SOURCE.glob(pattern) if "node_modules" not in path.parts]
GUIDES = [path for path in DOCUMENTS if "decisions" not in path.parts and path.name != "CHANGELOG.md"]
# Documents whose sh blocks a test runs, and what else runs theirs.
RUN = {f"{name}{ending}.md" for name in ("README", "docs/tutorial", "docs/how-to") for ending in ("", ".zh")}
RUN |= {f"docs/{name}.md" for name in ("replan", "roads", "city-file", "benchmark")}
RUN |= {"bench/README.md", "examples/solver/README.md", "examples/go/README.md", "examples/python/README.md"}
# Another engine or solver comes from a registry first: only their words are looked at.
NOT_RUN = {"docs/foreign.md", "bench/contestants/README.md"}
COMMAND = re.compile(r"^ *(kerbside|\./|cmake|examples/|bench/|node |python3 |npm |cc |KERBSIDE=)", re.M)
OWN_NAMES = {"robot"}  # in examples: kinds of vehicles as somebody called them
SCRIPTS = {"bench/demand_rows.py": "bench/demand_rows.py", "bench/foreign/compare.mjs": "bench/foreign/compare.mjs"}


def name_of(path):
    return str(path.relative_to(SOURCE))


def told_commands(text):
    """Commands in blocks and in `code`, further lines joined."""
    for _, block in ((kind, one) for kind, one in blocks_of(text) if kind in ("sh", "")):
        for line in re.sub(r"\\\n", " ", block).splitlines():
            yield line.split(" #")[0]
    for line in re.findall(r"`([^`\n]+)`", re.sub(r"^ *```.*?^ *```$", "", text, flags=re.M | re.S)):
        yield line


def blocks_of(text):
    for found in re.finditer(r"^( *)```(\w*)\n(.*?)^ *```$", text, re.M | re.S):
        yield found[2], found[3]


def options_of(program, verb):
    help_text = run(program, verb, "--help").stdout.decode()
    return set(re.findall(r"(?<![\w-])(-o|--[a-z][a-z-]*)", help_text)) | {"--help", "-o"}


class Words(unittest.TestCase):
    def check_program(self, program, word):
        verbs = re.findall(r"^  ([a-z][a-z-]*) +\S", run(program, "--help").stdout.decode(), re.M)
        options = {verb: options_of(program, verb) for verb in verbs}
        seen = set()
        for path in GUIDES:
            for line in told_commands(path.read_text(encoding="utf-8")):
                for verb, rest in re.findall(r"(?:^ *|[|;&('] *|[\w']=)" + word + r" ([a-z][a-z-]*)([^|;&)]*)", line):
                    self.assertIn(verb, options, (path, line))
                    seen.add(verb)
                    rest = re.sub(r"'[^']*'", "", rest)
                    for option in re.findall(r"(?<![\w-])(--[a-z][a-z-]*|-o)\b", rest):
                        self.assertIn(option, options[verb], (path, line))
        return seen, set(verbs)

    def test_verbs_and_options_of_the_command_are_its_own(self):
        seen, verbs = self.check_program(KERBSIDE, "kerbside")
        self.assertEqual(verbs - seen, set(), "verbs no document shows")

    def test_verbs_and_options_of_the_bench_are_its_own(self):
        seen, _ = self.check_program(BENCH, "kerbside-bench")
        self.assertGreater(len(seen), 12)

    def test_the_bench_tells_every_option_it_reads(self):
        told = run(BENCH, "--manual").stdout.decode().replace("\\-", "-")
        for path in SOURCE.glob("bench/*.c"):
            for option in re.findall(r'bench_(?:option|number)\(argc, argv, "(--?[a-z-]+)"', path.read_text()):
                self.assertIn(option, told, path)

    def test_dev_knows_the_words_that_documents_use(self):
        known = subprocess.run([SOURCE / "dev"], capture_output=True, check=True).stdout.decode()
        for path in GUIDES:
            for word in re.findall(r"\./dev ([a-z][a-z-]*)", path.read_text(encoding="utf-8")):
                self.assertRegex(known, rf"(?m)^  ([a-z]+ \| )?{word}\b", path)

    def test_options_of_scripts_stand_in_them(self):
        n_seen = 0
        for path in GUIDES:
            for line in told_commands(path.read_text(encoding="utf-8")):
                for script, source in SCRIPTS.items():
                    for option in re.findall(r" --([a-z-]+)", line.split(script)[1]) if script in line else ():
                        self.assertRegex((SOURCE / source).read_text(), rf"(--{option}\b|\b{option}: {{)", (path, line))
                        n_seen += 1
                for option in re.findall(r" --([a-z-]+)", line) if line.startswith("./dev foreign") else ():
                    self.assertRegex((SOURCE / SCRIPTS["bench/foreign/compare.mjs"]).read_text(), rf"\b{option}: {{", line)
        self.assertGreater(n_seen, 10)

    def test_units_packages_and_files_that_are_named_exist(self):
        dev = (SOURCE / "dev").read_text()
        for path in GUIDES:
            for line in told_commands(path.read_text(encoding="utf-8")):
                for unit in re.findall(r"\b(kerbside-nightly\S*)", line) if re.match("sudo systemctl|journalctl", line) else ():
                    unit = unit if "." in unit else unit + ".service"
                    self.assertTrue((SOURCE / "packaging/systemd" / unit).exists(), line)
                for package in line.split()[2:] if line.startswith("apt-get install") else ():
                    self.assertRegex(dev, rf"[( ]{re.escape(package)}[) \n]", line)
                for file in re.findall(r"(?:^|[ /])((?:examples|bench|docs)/[\w./-]+\.(?:py|mjs|c|yaml|csv|md|sh))\b", line):
                    if not file.startswith("bench/results"):
                        self.assertTrue((SOURCE / file).exists(), (path, line))


    def test_keys_in_examples_of_files_are_keys_that_the_reference_explains(self):
        reference = "".join((SOURCE / f"docs/{name}.md").read_text() for name in ("district-file", "city-file", "replan"))
        n_seen = 0
        for path in GUIDES:
            for kind, block in test_docs.blocks(path):
                for key in re.findall(r"(?:^|[{,\s])([a-z][a-z_]+):(?=\s)", re.sub(r" #.*", "", block)) if kind == "yaml" else ():
                    if key in OWN_NAMES:
                        continue
                    self.assertRegex(reference, rf"`(?:[\w\[\].*]+\.)?{key}\b|{key}:", (path, key))
                    n_seen += 1
        self.assertGreater(n_seen, 50)


class Blocks(unittest.TestCase):
    def test_commands_stand_in_blocks_that_are_run(self):
        for path in GUIDES:
            for kind, block in test_docs.blocks(path):
                if kind == "sh":
                    self.assertIn(name_of(path), RUN | NOT_RUN)
                elif kind == "":
                    self.assertIsNone(COMMAND.search(block), (path, block))

    def test_of_what_is_run_only_the_machines_own_is_left_out(self):
        """All others of RUN are handed to a shell by test_docs.py and test_docs_bench.py."""
        left_out = [one for name in RUN for one in test_docs.commands(SOURCE / name) if one.startswith(test_docs.NOT_RUN)]
        self.assertEqual({re.match(r"\S+", one)[0] for one in left_out}, {"./dev", "sudo", "journalctl", "apt-get"})

    def test_the_documents_that_are_said_to_be_run_are(self):
        tests = "".join((SOURCE / f"tests/e2e/{name}.py").read_text() for name in ("test_docs", "test_docs_bench"))
        for name in RUN:
            stem = re.sub(r"(\.zh)?\.md$", "", name).removeprefix("docs/").removeprefix("examples/").split("/")[0]
            self.assertIn(stem, tests, name)


if __name__ == "__main__":
    unittest.main()
