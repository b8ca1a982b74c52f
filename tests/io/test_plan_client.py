# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python example: the messages it builds are what the schema and the library expect. Planning
with it, end to end, is tested in tests/e2e."""
import importlib.util
import os
import pathlib
import shutil
import sys
import unittest

SOURCE = pathlib.Path(os.environ.get("KERBSIDE_SOURCE", pathlib.Path(__file__).parents[2]))

try:
    import google.protobuf  # noqa: F401
except ImportError:
    print("SKIPPED: python3-protobuf is not installed")
    sys.exit(77)
if not shutil.which("protoc"):
    print("SKIPPED: protoc is not installed")
    sys.exit(77)

spec = importlib.util.spec_from_file_location("plan_client",
                                              SOURCE / "examples" / "python" / "plan_client.py")
client = importlib.util.module_from_spec(spec)
spec.loader.exec_module(client)
common, problem_pb2, plan_pb2 = client.load_schema()


class PlanClient(unittest.TestCase):
    def setUp(self):
        self.problem = client.build_problem(common, problem_pb2)

    def test_every_reference_leads_somewhere(self):
        problem = self.problem
        sites = {site.id for site in problem.sites}
        containers = {container.id for container in problem.containers}
        self.assertEqual(len(containers), 10)
        self.assertTrue(all(container.site_id in sites for container in problem.containers))
        self.assertTrue(all(report.container_id in containers for report in problem.reports))
        self.assertTrue(all(0 <= report.fill_ratio <= 1 for report in problem.reports))
        places = set(problem.matrices.place_ids)
        self.assertEqual(places, sites | {"D1", "T1"})
        vehicles = {vehicle.id for vehicle in problem.vehicles}
        self.assertTrue(all(shift.vehicle_id in vehicles for shift in problem.shifts))

    def test_the_matrix_is_square_and_quickest_from_a_place_to_itself(self):
        matrices = self.problem.matrices
        n = len(matrices.place_ids)
        self.assertEqual(len(matrices.matrices[0].time_ms), n * n)
        self.assertEqual(len(matrices.matrices[0].length_mm), n * n)
        for place in range(n):
            self.assertEqual(matrices.matrices[0].time_ms[place * (n + 1)], 0)

    def test_the_same_problem_is_the_same_bytes(self):
        again = client.build_problem(common, problem_pb2)
        self.assertEqual(self.problem.SerializeToString(deterministic=True),
                         again.SerializeToString(deterministic=True))

    def test_it_is_the_problem_that_the_library_is_tested_with(self):
        """test_messages_schema.c reads the same file: there the two languages meet."""
        pinned = SOURCE / "tests" / "fuzz" / "corpus" / "fuzz_messages" / "problem_python"
        wanted = b"\0" + self.problem.SerializeToString(deterministic=True)
        if os.environ.get("KERB_PIN_SCHEMA"):
            pinned.write_bytes(wanted)
        self.assertEqual(pinned.read_bytes(), wanted)

    def test_a_plan_is_told_in_lines(self):
        plan = plan_pb2.Plan(id="0123456789abcdef", currency="EUR", cost_nano=10**11,
                             night_start_s=client.seconds(0))
        route = plan.routes.add(shift="H1", vehicle="V1", n_served=1, length_mm=2_500_000,
                                spell_start_ms=3_600_000, spell_end_ms=7_200_000)
        route.stops.add(kind=plan_pb2.STOP_KIND_SERVE, id="S1-residual", arrival_ms=5_400_000,
                        mass_g=99_000)
        left = plan.decisions.add(id="S2-food")
        left.reason.code = "fill_below_may"
        self.assertEqual(client.describe(plan_pb2, plan), [
            "plan 0123456789abcdef: 1 routes, 100.00 EUR, at least 0.00",
            "H1 V1: 1 containers, 2.5 km, 21:00-22:00",
            "  21:30 serve  S1-residual 99 kg",
            "left: S2-food: fill_below_may"])


if __name__ == "__main__":
    unittest.main()
