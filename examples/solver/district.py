# SPDX-License-Identifier: Apache-2.0
"""An exported district (kerbside-bench export) and trucks that obey its rules. Standard library only.

    district = District(folder)
    truck = Truck(district, shift)
    if truck.can_serve(task, mode): truck.serve(task, mode)
    truck.finish()                      tips what is left; the way home is known to be open
    write_solution(path, trucks)        for kerbside-bench evaluate

Time in ms from the night's start, length in mm, cost in 1e-9 of the currency. docs/benchmark.md has
every column and rule.
"""
import array
import csv
import os
import pathlib

NEVER = 2147483647


class Matrix:
    """NumPy 1.0, int32, C order, row = from."""

    def __init__(self, path):
        data = pathlib.Path(path).read_bytes()
        start = 10 + data[8] + 256 * data[9]
        self.cells = array.array("i")
        self.cells.frombytes(data[start:])
        self.n = int(len(self.cells) ** 0.5)

    def __call__(self, origin, destination):
        return self.cells[origin * self.n + destination]


class District:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.types = [self._numbers(row, "shifts") for row in self._rows("types.csv")]
        self.tasks = [dict(self._numbers(row, "task kind stream site types"), index=index)
                      for index, row in enumerate(self._rows("tasks.csv"))]
        by_id = {task["task"]: task for task in self.tasks}
        for task in self.tasks:
            task.update(modes=[], demand={}, types={int(word) for word in task["types"].split()})
        for row in self._rows("modes.csv"):
            by_id[row["task"]]["modes"].append(self._numbers(row, "task"))
        for row in self._rows("demand.csv"):
            by_id[row["task"]]["demand"][int(row["demand_class"])] = [
                int(row[f"demand_{dim}"]) for dim in range(8)]
        for index, kind in enumerate(self.types):
            kind.update(index=index, tips=[], capacity=[kind[f"capacity_{dim}"] for dim in range(8)],
                        start_load=[kind[f"start_load_{dim}"] for dim in range(8)],
                        time=Matrix(self.folder / f"travel_{kind['travel']}_time_ms.npy"),
                        length=Matrix(self.folder / f"travel_{kind['travel']}_length_mm.npy"))
        for row in self._rows("tips.csv"):
            tip, tips = self._numbers(row, "facility"), self.types[int(row["type"])]["tips"]
            tip["opening"] = sum(other["facility"] == tip["facility"] for other in tips)
            tips.append(tip)

    def shifts(self):
        """(shift, type) in the order of types.csv."""
        return [(shift, kind) for kind in self.types for shift in kind["shifts"].split()]

    def _rows(self, name):
        with open(self.folder / name, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    @staticmethod
    def _numbers(row, texts):
        return {key: value if key in texts.split() else int(value) for key, value in row.items()}


class Truck:
    """One shift, driven forward from its earliest start; it never does what it could not finish."""

    def __init__(self, district, shift, kind):
        self.district, self.shift, self.kind = district, shift, kind
        self.point, self.now_ms = kind["start_point"], kind["earliest_ms"] + kind["pre_ms"]
        self.load = list(kind["start_load"])
        self.site = None     # (site, point) of the task just served
        self.stops = []      # rows of solution.csv
        self.n_served = 0

    def start_ms(self, task, mode):
        """When service would start; None: too late, or no way."""
        drive_ms = self.kind["time"](self.point, mode["entry"])
        if drive_ms == NEVER or mode[f"service_ms_{self.kind['index']}"] == NEVER:
            return None
        start_ms = max(self.now_ms + drive_ms, mode["open_ms"])
        return start_ms if start_ms <= mode["close_ms"] else None

    def end_ms(self, task, mode, start_ms):
        pays_setup = not task["site"] or self.site != (task["site"], mode["entry"])
        return (start_ms + mode[f"service_ms_{self.kind['index']}"] +
                (task["setup_ms"] if pays_setup else 0))

    def load_with(self, task):
        return [have + more for have, more in
                zip(self.load, task["demand"][self.kind["demand_class"]])]

    def fits(self, task):
        return (self.kind["index"] in task["types"] and
                all(load <= most for load, most in zip(self.load_with(task), self.kind["capacity"])))

    def best_tip(self, point, now_ms, load):
        """(end_ms, tip) of the tip that is over first with the way home still open; or None."""
        mass_g = sum(load[dim] for dim in range(8) if self.kind["mass_dims"] >> dim & 1)
        best = None
        for tip in self.kind["tips"]:
            drive_ms = self.kind["time"](point, tip["point"])
            home_ms = self.kind["time"](tip["point"], self.kind["end_point"])
            if drive_ms == NEVER or home_ms == NEVER:
                continue
            start_ms = max(now_ms + drive_ms, tip["open_ms"])
            end_ms = start_ms + tip["fixed_ms"] + mass_g * tip["ms_per_tonne"] // 1000000
            if (start_ms <= tip["close_ms"] and
                    end_ms + home_ms <= self.kind["latest_ms"] - self.kind["post_ms"] and
                    (best is None or end_ms < best[0])):
                best = (end_ms, tip)
        return best

    def can_serve(self, task, mode):
        """Start of service if the task fits and the truck can tip and be home in time; else None."""
        if not self.fits(task):
            return None
        start_ms = self.start_ms(task, mode)
        if start_ms is None:
            return None
        end_ms = self.end_ms(task, mode, start_ms)
        return start_ms if self.best_tip(mode["exit"], end_ms, self.load_with(task)) else None

    def serve(self, task, mode):
        self.now_ms = self.end_ms(task, mode, self.start_ms(task, mode))
        self.load, self.point = self.load_with(task), mode["exit"]
        self.site = (task["site"], mode["exit"])
        self.stops.append((self.shift, task["task"], mode["mode"]))
        self.n_served += 1

    def tip(self):
        self.now_ms, tip = self.best_tip(self.point, self.now_ms, self.load)
        self.point, self.load, self.site = tip["point"], [0] * 8, None
        self.stops.append((self.shift, "tip:" + tip["facility"], tip["opening"]))

    def finish(self):
        if self.stops and not self.stops[-1][1].startswith("tip:"):
            self.tip()


def write_solution(path, trucks):
    """Whole or not at all: a harness may read while we write."""
    rows = [stop for truck in trucks if truck.n_served for stop in truck.stops]
    with open(f"{path}.part", "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([("shift", "task", "mode"), *rows])
    os.replace(f"{path}.part", path)
