#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plan a night from Python: a Problem in, a Plan out, through pipes.

    plan_client.py [COMMAND]      COMMAND: the kerbside command; default $KERBSIDE, then "kerbside"

Needs protoc and python3-protobuf. The classes are generated from io/proto on the fly; a real
client generates them once. Travel is given as explicit matrices, so no map is needed.
"""
import datetime
import importlib
import math
import os
import pathlib
import subprocess
import sys
import tempfile

PROTO_ROOT = pathlib.Path(__file__).resolve().parents[2] / "io" / "proto"
NIGHT_START = datetime.datetime(2026, 11, 2, 20, tzinfo=datetime.timezone.utc)
DEPOT, STATION = (57.700, 11.950), (57.712, 11.990)
SITES = {"S1": (57.703, 11.957), "S2": (57.706, 11.962), "S3": (57.709, 11.970),
         "S4": (57.704, 11.978), "S5": (57.699, 11.969)}


def load_schema():
    """Generates kerbside/v1/*_pb2.py into a temporary folder and imports them."""
    with tempfile.TemporaryDirectory() as folder:
        protos = sorted(str(path) for path in PROTO_ROOT.glob("kerbside/v1/*.proto"))
        subprocess.run(["protoc", f"-I{PROTO_ROOT}", f"--python_out={folder}", *protos], check=True)
        sys.path.insert(0, folder)
        try:
            return tuple(importlib.import_module(f"kerbside.v1.{name}_pb2")
                         for name in ("common", "problem", "plan"))
        except ImportError as error:
            sys.exit(f"{sys.executable}: {error}; needs python3-protobuf")
        finally:
            sys.path.remove(folder)


def seconds(hours):
    """An instant, hours after the night's start."""
    return int(NIGHT_START.timestamp() + 3600 * hours)


def drive(a, b):
    """Straight line times 1.3 at 25 km/h: (ms, mm). A real client asks its road engine."""
    x = (b[1] - a[1]) * math.cos(math.radians(a[0])) * 111_320
    y = (b[0] - a[0]) * 110_540
    length_m = 1.3 * math.hypot(x, y)
    return round(length_m / 25 * 3.6 * 1000), round(length_m * 1000)


def add_district(problem):
    district = problem.district
    district.id, district.name = "py", "Five sites"
    district.currency, district.time_zone, district.service_day = "EUR", "Etc/UTC", "2026-11-02"
    district.as_of_s, district.night_start_s = seconds(-0.5), seconds(0)
    district.night_end_s = seconds(10)
    district.coordinates = 1  # COORDINATES_WGS84
    district.must_ratio, district.may_ratio = 0.8, 0.5
    district.price_unserved_must, district.price_overflow_per_day = 500, 60


def add_sites(common, problem):
    """A residual and a food container at each site, each with three reports since it was emptied."""
    for number, (site_id, (lat, lon)) in enumerate(SITES.items()):
        problem.sites.add(id=site_id, name=f"Yard {number + 1}", lat_deg=lat, lon_deg=lon,
                          setup_s=60)
        for stream, fill in ((common.STREAM_RESIDUAL, 0.9), (common.STREAM_FOOD, 0.3 + 0.12 * number)):
            container = f"{site_id}-{common.Stream.Name(stream)[7:].lower()}"
            problem.containers.add(id=container, site_id=site_id, stream=stream, volume_l=1100,
                                   density_kg_per_l=0.12, service_s=45, last_emptied_s=seconds(-72))
            for hours_ago in (50, 26, 2):
                problem.reports.add(container_id=container, measured_s=seconds(-hours_ago),
                                    fill_ratio=fill * (72 - hours_ago) / 70, source="sensor")


def add_fleet(common, problem):
    """Two trucks, one a stream; one shift each."""
    for number, stream in enumerate((common.STREAM_RESIDUAL, common.STREAM_FOOD), start=1):
        vehicle = problem.vehicles.add(id=f"V{number}", kind="truck", use=common.VEHICLE_USE_TRUCK,
                                       price_used=120, price_per_km=1.8)
        vehicle.compartments.add(streams=[stream], capacity_kg=400, capacity_l=9000)
        problem.shifts.add(id=f"H{number}", vehicle_id=vehicle.id, crew=f"Crew {number}",
                           start_depot="D1", end_depot="D1", start_s=seconds(1), end_s=seconds(9),
                           regular_s=7 * 3600, pre_trip_s=600, post_trip_s=600, price_per_hour=40,
                           price_overtime_per_hour=60)


def add_places(common, problem):
    problem.depots.add(id="D1", name="Depot", lat_deg=DEPOT[0], lon_deg=DEPOT[1])
    station = problem.facilities.add(id="T1", name="Transfer station", lat_deg=STATION[0],
                                     lon_deg=STATION[1], unload_s=300, unload_s_per_tonne=60,
                                     kind=common.FACILITY_KIND_TRANSFER_STATION)
    station.gates.add(stream=common.STREAM_RESIDUAL, fee_per_tonne=90)
    station.gates.add(stream=common.STREAM_FOOD, fee_per_tonne=40)
    station.windows.add(start_s=seconds(0), end_s=seconds(9.5))


def add_matrices(problem):
    """Row by row, from -> to, over every place a vehicle can be at."""
    places = {**SITES, "D1": DEPOT, "T1": STATION}
    problem.matrices.place_ids.extend(places)
    matrix = problem.matrices.matrices.add()
    for start in places.values():
        for end in places.values():
            time_ms, length_mm = drive(start, end)
            matrix.time_ms.append(time_ms)
            matrix.length_mm.append(length_mm)


def build_problem(common, problem_pb2):
    problem = problem_pb2.Problem(schema_version=1, required_features=["explicit_matrices"])
    add_district(problem)
    add_sites(common, problem)
    add_fleet(common, problem)
    add_places(common, problem)
    add_matrices(problem)
    return problem


def run_command(command, problem):
    """Exit codes: 0 a plan; 5 a plan that needs attention; anything else: no plan."""
    done = subprocess.run([command, "plan", "-", "-o", "-", "--iterations", "2", "--seed", "1"],
                          input=problem.SerializeToString(deterministic=True),
                          stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 5):
        sys.exit(f"{command} plan: exit code {done.returncode}")
    return done.stdout


def clock(plan, time_ms):
    at = plan.night_start_s + plan.utc_offset_s + time_ms // 1000
    return datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime("%H:%M")


def describe(plan_pb2, plan):
    """The plan as lines of text."""
    lines = [f"plan {plan.id}: {len(plan.routes)} routes, {plan.cost_nano / 1e9:.2f} "
             f"{plan.currency}, at least {plan.bound.bound_nano / 1e9:.2f}"]
    for route in plan.routes:
        lines.append(f"{route.shift} {route.vehicle}: {route.n_served} containers, "
                     f"{route.length_mm / 1e6:.1f} km, {clock(plan, route.spell_start_ms)}-"
                     f"{clock(plan, route.spell_end_ms)}")
        for stop in route.stops:
            kind = plan_pb2.StopKind.Name(stop.kind)[len("STOP_KIND_"):].lower()
            lines.append(f"  {clock(plan, stop.arrival_ms)} {kind:6} {stop.id}"
                         + (f" {stop.mass_g / 1000:.0f} kg" if stop.mass_g else ""))
    for decision in plan.decisions:
        if not decision.served:
            lines.append(f"left: {decision.id}: {decision.reason.text or decision.reason.code}")
    return lines


def main():
    command = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("KERBSIDE", "kerbside")
    common, problem_pb2, plan_pb2 = load_schema()
    plan = plan_pb2.Plan.FromString(run_command(command, build_problem(common, problem_pb2)))
    print("\n".join(describe(plan_pb2, plan)))


if __name__ == "__main__":
    main()
