# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium driven through chromedriver by the WebDriver protocol, with nothing but
Python's own library. Both are Debian packages (chromium, chromium-driver)."""
import base64
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
# No machine of a test has a graphics card; and the browser itself shall ask the network for nothing.
SWITCHES = ("--headless=new", "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader",
            "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist", "--disable-dev-shm-usage",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-extensions", "--no-first-run", "--no-default-browser-check",
            "--force-prefers-reduced-motion")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Browser:
    """with Browser() as page: page.open(file); page.run('return document.title')."""

    def __init__(self, size="900,640"): # small pictures are soon painted without a graphics card
        self.size = size

    def __enter__(self):
        self.url = f"http://127.0.0.1:{free_port()}"
        self.profile = tempfile.mkdtemp(prefix="kerbside-browser-")
        self.driver = subprocess.Popen([DRIVER, "--port=" + self.url.rsplit(":", 1)[1]],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                self.call("GET", "/status")
                break
            except OSError:
                time.sleep(0.05)
        options = {"binary": CHROMIUM,
                   "args": [*SWITCHES, "--window-size=" + self.size, "--user-data-dir=" + self.profile]}
        wanted = {"goog:chromeOptions": options, "timeouts": {"script": 280000},
                  "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        made = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.session = "/session/" + made["sessionId"]
        return self

    def __exit__(self, *_):
        try:
            self.call("DELETE", getattr(self, "session", "/session/none"))
        except OSError:
            pass
        self.driver.terminate()
        self.driver.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"},
                                         method=method)
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as fault:
            raise AssertionError(json.load(fault)["value"]["message"][:1500]) from None

    def open(self, path):
        self.call("POST", self.session + "/url", {"url": "about:blank"})
        for kind in ("browser", "performance"):
            self.log(kind)
        self.call("POST", self.session + "/url", {"url": path.as_uri()})

    def run(self, script, *values):
        return self.call("POST", self.session + "/execute/sync", {"script": script, "args": values})

    def run_later(self, script, *values):
        """The same for a script that answers by calling its last argument."""
        return self.call("POST", self.session + "/execute/async", {"script": script, "args": values})

    def wait(self, script, seconds=240):
        """Until the script returns something true; that."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.run(script)
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError(f"not within {seconds} s: {script}")

    def keys(self, text):
        """Typed into whatever has the focus."""
        actions = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self.call("POST", self.session + "/actions",
                  {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def log(self, kind):
        return self.call("POST", self.session + "/se/log", {"type": kind})

    def complaints(self):
        """What the console holds of errors and warnings."""
        return [entry["message"] for entry in self.log("browser")
                if entry["level"] in ("SEVERE", "WARNING")]

    def requests(self):
        """Addresses the page asked for, its own file, its blobs and data addresses apart."""
        out = []
        for entry in self.log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                out.append(message["params"]["request"]["url"])
        return [url for url in out if not url.startswith(("blob:", "data:"))]

    def cpu_s(self):
        """Seconds of processor that the browser and all its processes took so far."""
        parent, used, ticks = {}, {}, os.sysconf("SC_CLK_TCK")
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(") ", 1)[1].split()
            except OSError:
                continue
            parent[int(stat.parent.name)] = int(fields[1])
            used[int(stat.parent.name)] = (int(fields[11]) + int(fields[12])) / ticks
        family = {self.driver.pid}
        while grown := {one for one, above in parent.items() if above in family} - family:
            family |= grown
        return sum(used.get(one, 0) for one in family)

    def command(self, name, **parameters):
        """One of the browser's own protocol (Chrome DevTools)."""
        return self.call("POST", self.session + "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def frame(self, width, height):
        """So many pixels are the page, whatever the window has around it."""
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def settle(self, frames=10):
        """Until so many pictures were painted and the map, if there is one, has nothing more to draw."""
        self.run_later("""const [n, done] = arguments; let left = n;
          const next = () => (left-- > 0 ? requestAnimationFrame(next) : done());
          const map = window.kerbside?.picture?.map; map && !map.loaded() ? map.once('idle', next) : next();""", frames)

    def photograph(self, path, quality=82):
        """A JPEG of the page."""
        path.write_bytes(base64.b64decode(
            self.command("Page.captureScreenshot", format="jpeg", quality=quality)["data"]))

    def picture(self, path):
        path.write_bytes(base64.b64decode(self.call("GET", self.session + "/screenshot")))
