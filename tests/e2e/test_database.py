#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of a PostgreSQL server that runs for this test alone, with a password: the same night as
from files. Skipped where PostgreSQL is absent."""
import csv
import glob
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from town import KERBSIDE, Scratch, main, make_district, run

PASSWORD = "hu sh'1"
PROGRAMS = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1:]
TYPES = {"measured": "timestamptz", "received": "timestamptz", "fill_ratio": "double precision", "lat": "double precision",
         "lon": "numeric", "volume_l": "integer"}


class Server:
    """A cluster in a folder of its own, reached by a socket there; none may listen on a port."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pg"))
        self.as_user = []
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(self.folder, "postgres")
            self.as_user = ["runuser", "-u", "postgres", "--"]
        (self.folder / "password").write_text(PASSWORD + "\n")
        self.call("initdb", "-D", self.folder / "data", "-U", "keeper", "-A", "scram-sha-256", "--pwfile",
                  self.folder / "password", "-E", "UTF8", "--locale", "C.UTF-8")
        self.call("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o",
                  f"-c listen_addresses='' -k {self.folder} -c timezone=Asia/Shanghai", "start")

    def call(self, program, *words, **more):
        return subprocess.run([*self.as_user, f"{PROGRAMS[0]}/{program}", *map(str, words)], check=True, cwd="/",
                              stdout=subprocess.DEVNULL, **more)

    def sql(self, text):
        subprocess.run([f"{PROGRAMS[0]}/psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "keeper", "-d", "postgres"],
                       input=text.encode(), check=True, env={**os.environ, "PGPASSWORD": PASSWORD})

    def fill(self, name, path):
        """A table of the schema `city` as the file is."""
        with open(path, newline="") as file:
            columns = next(csv.reader(file))
        kinds = ", ".join(f"{column} {TYPES.get(column, 'text')}" for column in columns)
        self.sql(f"create table city.{name} ({kinds});\n"
                 f"\\copy city.{name} from '{path}' csv header\n")

    def connection(self, password=PASSWORD):
        secret = "'" + password.replace("\\", "\\\\").replace("'", "\\'") + "'"
        return f"PG:host={self.folder} dbname=postgres user=keeper password={secret}"

    def stop(self):
        self.call("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder)


def ask_the_server(district, server, password=PASSWORD):
    text = district.read_text()
    for name in ("sites", "containers", "reports"):
        connection = server.connection(password).replace("\\", "\\\\")
        text = text.replace(f"  {name}: {name}.csv\n", f'  {name}: {{file: "{connection}", layer: city.{name}}}\n')
    other = district.with_name("database.yaml")
    other.write_text(text)
    return other


def test_a_night_from_a_database_is_the_night_from_files():
    server = Server()
    try:
        with Scratch() as tmp:
            district = pathlib.Path(make_district(tmp))
            server.sql("create schema city;")
            for name in ("sites", "containers", "reports"):
                server.fill(name, district.parent / f"{name}.csv")
            other = ask_the_server(district, server)
            words = ("--iterations", 100, "--quiet")
            plans = []
            for number, source in enumerate((district, other)):
                plan = pathlib.Path(tmp) / f"{number}.pb"
                done = run(KERBSIDE, "plan", source, *words, "-o", plan, ok=(0, 5))
                assert PASSWORD.encode() not in done.stdout + done.stderr
                shown = run(KERBSIDE, "show", plan, "--json").stdout
                plans.append(shown.split(b'"routes"')[1])
            assert plans[0] == plans[1], "another night"
            wrong = ask_the_server(district, server, "hush")
            done = run(KERBSIDE, "plan", wrong, *words, "-o", pathlib.Path(tmp) / "w.pb", ok=(1,))
            assert b"password=***" in done.stderr and b"hush" not in done.stderr, done.stderr
            assert b"no database that can be read" in done.stderr, done.stderr
            missing = ask_the_server(district, server)
            missing.write_text(missing.read_text().replace("city.reports", "city.nothing"))
            done = run(KERBSIDE, "plan", missing, *words, "-o", pathlib.Path(tmp) / "w.pb", ok=(1,))
            assert b"no layer 'city.nothing'" in done.stderr, done.stderr
    finally:
        server.stop()


if __name__ == "__main__":
    if not PROGRAMS:
        print("skipped: PostgreSQL is absent")
        raise SystemExit(77)
    main(sys.modules[__name__])
