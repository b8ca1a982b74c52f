#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Nearest neighbour on an exported district: the skeleton of a solver.

    nearest.py FOLDER SOLUTION.csv

Replace `plan` by something better; everything around it can stay. nearest.c does the same in C.
"""
import sys

from district import District, Truck, write_solution


def nearest(truck, tasks):
    """The task that could start first; ties go to the order of tasks.csv."""
    best = None
    for task in tasks:
        for mode in task["modes"]:
            start_ms = truck.can_serve(task, mode)
            if start_ms is not None and (best is None or start_ms < best[0]):
                best = (start_ms, task, mode)
    return best


def plan(district):
    left, trucks = list(district.tasks), []
    for shift, kind in district.shifts():
        truck = Truck(district, shift, kind)
        while True:
            best = nearest(truck, left)
            if best:
                truck.serve(*best[1:])
                left.remove(best[1])
            elif truck.site:  # something is loaded: empty, and see what fits then
                truck.tip()
            else:
                break
        trucks.append(truck)
    return trucks


def main(folder, solution):
    write_solution(solution, plan(District(folder)))


if __name__ == "__main__":
    main(*sys.argv[1:3])
