#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo map's two scripts, without a network: a small export stands for the real one, and a false
npm for npm."""
import gzip
import json
import os
import stat
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

SOURCE = os.environ.get("KERBSIDE_SOURCE", os.path.join(os.path.dirname(__file__), "..", ".."))
DISTRICT = os.path.join(SOURCE, "examples", "district")


def way(number, coordinates, kind="LineString", **tags):
    return {"type": "Feature", "id": f"way/{number}",
            "properties": {"@id": f"way/{number}", **tags},
            "geometry": {"type": kind, "coordinates": coordinates}}


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


class MakeMap(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.map = os.path.join(self.folder.name, "map.osm.gz")

    def make(self, features):
        export = os.path.join(self.folder.name, "export.json")
        with open(export, "w", encoding="utf-8") as out:
            json.dump({"type": "FeatureCollection", "features": features}, out)
        return run(sys.executable, os.path.join(DISTRICT, "make_map.py"), export, self.map)

    def read(self):
        with gzip.open(self.map) as packed:
            return xml.parse(packed).getroot()

    def test_ways_meet_where_seven_decimals_are_equal(self):
        result = self.make([
            way(20, [[12.0, 57.7], [12.001, 57.7000001]], highway="residential", name='A "&" <b>'),
            way(10, [[12.001, 57.7000001], [12.001, 57.7000002]], highway="footway"),
        ])
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("3 nodes, 2 ways, of which 1 are drivable", result.stdout)
        root = self.read()
        self.assertEqual([w.get("id") for w in root.iter("way")], ["10", "20"])
        refs = {w.get("id"): [n.get("ref") for n in w.iter("nd")] for w in root.iter("way")}
        self.assertEqual(refs, {"20": ["1", "2"], "10": ["2", "3"]})
        self.assertEqual(root.find("node[@id='2']").get("lat"), "57.7000001")
        tags = {t.get("k"): t.get("v") for t in root.find("way[@id='20']").iter("tag")}
        self.assertEqual(tags, {"highway": "residential", "name": 'A "&" <b>'})

    def test_an_area_becomes_a_closed_way_and_is_not_drivable(self):
        ring = [[12.0, 57.7], [12.1, 57.7], [12.1, 57.8], [12.0, 57.7]]
        result = self.make([way(1, [ring], "Polygon", highway="service", area="yes")])
        self.assertIn("3 nodes, 1 ways, of which 0 are drivable", result.stdout)
        refs = [n.get("ref") for n in self.read().iter("nd")]
        self.assertEqual(refs, ["1", "2", "3", "1"])

    def test_the_same_export_gives_the_same_bytes(self):
        features = [way(1, [[12.0, 57.7], [12.5, 57.75]], highway="service")]
        self.make(features)
        with open(self.map, "rb") as made:
            first = made.read()
        self.make(features)
        with open(self.map, "rb") as made:
            self.assertEqual(first, made.read())

    def test_a_bad_export_is_refused_and_leaves_nothing(self):
        good = [[12.0, 57.7], [12.1, 57.7]]
        for feature, part in [
                (way(1, [[12.0, 91.5], [12.1, 57.7]]), "feature 1, field lat: 91.5, expected -90"),
                (way("x", good), "field id: 'way/x', expected way/NUMBER"),
                (way(1, [], "Point"), "field geometry: Point, expected LineString or Polygon"),
                ({"id": "way/1", "properties": {}}, "field geometry: None"),
        ]:
            result = self.make([feature])
            self.assertEqual(result.returncode, 1)
            self.assertIn(part, result.stderr)
            self.assertEqual(os.listdir(self.folder.name), ["export.json"])


class FetchMap(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def fetch(self, npm):
        tools = os.path.join(self.folder.name, "tools")
        os.makedirs(tools, exist_ok=True)
        path = os.path.join(tools, "npm")
        with open(path, "w", encoding="utf-8") as script:
            script.write("#!/bin/sh\n" + npm)
        os.chmod(path, stat.S_IRWXU)
        self.map = os.path.join(self.folder.name, "map.osm.gz")
        environment = {**os.environ, "PATH": tools + os.pathsep + os.environ["PATH"]}
        return run(os.path.join(DISTRICT, "fetch-map"), self.map, env=environment)

    def expect_refusal(self, npm, part):
        result = self.fetch(npm)
        self.assertEqual(result.returncode, 1)
        self.assertIn(part, result.stderr)
        self.assertEqual(os.listdir(self.folder.name), ["tools"])

    def test_a_failing_npm_leaves_no_map(self):
        self.expect_refusal("exit 1\n", "npm pack geojson-path-finder@2.1.0 failed")
        self.expect_refusal("exit 0\n", "left no archive")

    def test_another_package_than_expected_is_refused(self):
        self.expect_refusal(
            "mkdir -p package/test && echo '{}' > package/test/large-network.json &&"
            " tar -czf p.tgz package && rm -r package\n", "expected e43f69b9")


if __name__ == "__main__":
    unittest.main()
