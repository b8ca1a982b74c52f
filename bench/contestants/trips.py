# SPDX-License-Identifier: GPL-3.0-or-later
"""A district for solvers that know the CVRP only: one CVRP per kind of task, its routes driven as trips.

What the conversion loses: windows and tips are not seen by the solver; trips that miss a window shed the
tasks they cannot serve; types of trucks are planned as the largest of them. What is left is filled in by
nearest neighbour. Every truck obeys the rules, so the solution is valid whatever the solver answers.
"""
import copy
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "examples/solver"))

from district import NEVER, District, Truck, write_solution  # noqa: E402
from nearest import nearest  # noqa: E402

CENT = 10 ** 7   # in 1e-9 of the currency
FULL = 10000     # a hold
FAR = 10 ** 6    # no way; the most that our own VRPLIB reader takes


class Cvrp:
    """Node 0 is the depot and every tip; node k is tasks[k - 1]. cost[a][b] in cents, not symmetric."""

    def __init__(self, kind, tasks):
        self.kind, self.tasks, self.capacity = kind, tasks, FULL
        modes = [task["modes"][0] for task in tasks]
        homes = [kind["start_point"]] + [tip["point"] for tip in kind["tips"]]
        tips = homes[1:] or homes
        self.cost = [[0] + [min(self.leg(home, mode["entry"]) for home in homes) for mode in modes]]
        for mode in modes:
            self.cost.append([min(self.leg(mode["exit"], tip) for tip in tips)] +
                             [self.leg(mode["exit"], other["entry"]) for other in modes])
        for node in range(len(self.cost)):
            self.cost[node][node] = 0
        self.demand = [0] + [self.share(task) for task in tasks]

    def leg(self, origin, destination):
        time_ms, length_mm = (self.kind[what](origin, destination) for what in ("time", "length"))
        if NEVER in (time_ms, length_mm):
            return FAR
        nano = time_ms * self.kind["nano_per_ms"] + length_mm * self.kind["nano_per_mm"]
        return min(FAR, round(nano / CENT))

    def share(self, task):
        """Of the hold, by the dimension that it fills most: what fits by shares fits."""
        demand = task["demand"][self.kind["demand_class"]]
        return max(-(-FULL * demand[dim] // self.kind["capacity"][dim])
                   for dim in range(self.kind["n_dims"]) if self.kind["capacity"][dim])

    def trips(self, routes):
        """Routes of node numbers as lists of tasks; what is no node of ours is left out."""
        return [[self.tasks[node - 1] for node in route if 0 < node <= len(self.tasks)]
                for route in routes]


def worth_it(cvrp):
    """Musts, and mays whose prize is more than going there from the nearest must and back."""
    musts = [k for k, task in enumerate(cvrp.tasks, 1) if task["must"]] + [0]
    for k, task in enumerate(cvrp.tasks, 1):
        detour = min(cvrp.cost[a][k] + cvrp.cost[k][a] for a in musts if a != k)
        if task["must"] or task["prize_nano"] > detour * CENT:
            yield task


def groups(district):
    """Tasks that the same types may serve, and the largest of the types."""
    by_types = {}
    for task in district.tasks:
        by_types.setdefault(frozenset(task["types"]), []).append(task)
    for types, tasks in by_types.items():
        kinds = [district.types[index] for index in sorted(types)]
        if kinds:
            kind = max(kinds, key=lambda each: each["capacity"][:each["n_dims"]])
            wanted = list(worth_it(Cvrp(kind, tasks)))
            if wanted:
                yield Cvrp(kind, wanted)


def drive(truck, trip):
    """A copy of the truck after the trip and a tip, and what it could not serve."""
    truck, left = copy.copy(truck), []
    truck.stops, truck.load = list(truck.stops), list(truck.load)
    for task in trip:
        best = nearest(truck, [task])
        if best:
            truck.serve(*best[1:])
        else:
            left.append(task)
    truck.finish()
    return truck, left


def pack(district, trips):
    """Each trip to the first truck that can do all of it, else to the one that can do most."""
    shifts, trucks, left = list(district.shifts()), [], []
    for trip in sorted(trips, key=len, reverse=True):
        fresh = {kind["index"]: (shift, kind) for shift, kind in reversed(shifts)}
        choices = trucks + [Truck(district, *fresh[index]) for index in sorted(fresh)]
        best = None
        for truck in choices:
            after, missed = drive(truck, trip)
            if len(missed) < len(trip) and (best is None or len(missed) < len(best[2])):
                best = (truck, after, missed)
            if best and not best[2]:
                break
        if best is None:
            left += trip
            continue
        truck, after, missed = best
        if truck in trucks:
            trucks[trucks.index(truck)] = after
        else:
            trucks.append(after)
            shifts.remove((after.shift, after.kind))
        left += missed
    return trucks, left, shifts


def fill(district, trucks, left, shifts):
    """Musts that nobody serves yet, by nearest neighbour."""
    left = [task for task in left if task["must"]]
    for truck in trucks + [Truck(district, *shift) for shift in shifts]:
        before = len(left)
        while left:
            best = nearest(truck, left)
            if not best:
                break
            truck.serve(*best[1:])
            left.remove(best[1])
        truck.finish()
        if len(left) < before and truck not in trucks:
            trucks.append(truck)


def contest(folder, solution, seconds, solve):
    """solve(cvrp, seconds) gives routes: lists of node numbers, the depot left out or not."""
    district, trips = District(folder), []
    problems = list(groups(district))
    n_tasks = sum(len(problem.tasks) for problem in problems)
    for problem in problems:
        share = seconds * len(problem.tasks) / n_tasks
        trips += [trip for trip in problem.trips(solve(problem, share)) if trip]
    trucks, left, shifts = pack(district, trips)
    served = {id(task) for trip in trips for task in trip}
    left += [task for task in district.tasks if id(task) not in served and task not in left]
    fill(district, trucks, left, shifts)
    write_solution(solution, trucks)
