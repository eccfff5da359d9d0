"""A headless Chromium, driven over a pipe by the DevTools protocol: no packages are needed."""

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

PHONE = (390, 844)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--hide-scrollbars --force-color-profile=srgb --remote-debugging-pipe"
).split()


def find():
    """The program's path, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Fault(Exception):
    """Chromium refused something, or did not answer in time."""


class Chromium:
    """One browser with one page, shown file by file. Use it in a `with`."""

    LIMIT_S = 60

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="lumbar-chromium-")
        self.numbers = itertools.count(1)
        self.pending = b""
        self.requests = []  # the addresses that the page has asked for
        self.loaded = False
        self.session = None
        to_browser, self.to = os.pipe()
        self.answers, from_browser = os.pipe()

        def lay_pipes():  # the protocol reads 3 and writes 4
            read, write = os.dup(to_browser), os.dup(from_browser)
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.process = subprocess.Popen(
            [find(), *FLAGS, "--user-data-dir=" + self.profile, "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=lay_pipes, close_fds=False, start_new_session=True)
        os.close(to_browser)
        os.close(from_browser)

    def __enter__(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call(
            "Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self.call(domain + ".enable")
        return self

    def __exit__(self, *_):
        try:
            self.session = None
            self.call("Browser.close")
            self.process.wait(10)
        except (Fault, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.to)
        os.close(self.answers)
        shutil.rmtree(self.profile, ignore_errors=True)

    def _next(self, until):
        while b"\0" not in self.pending:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.answers], [], [], left)[0]:
                raise Fault("Chromium does not answer")
            got = os.read(self.answers, 1 << 20)
            if not got:
                raise Fault("Chromium has ended")
            self.pending += got
        message, self.pending = self.pending.split(b"\0", 1)
        message = json.loads(message)
        if message.get("method") == "Network.requestWillBeSent":
            self.requests.append(message["params"]["request"]["url"])
        if message.get("method") == "Page.loadEventFired":
            self.loaded = True
        return message

    def call(self, method, **params):
        """What the method returns."""
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        until = time.monotonic() + self.LIMIT_S
        while True:
            answer = self._next(until)
            if answer.get("id") == number:
                if "error" in answer:
                    raise Fault(method + ": " + answer["error"]["message"])
                return answer["result"]

    def show(self, path, size=PHONE, dark=False, scale=1):
        """Opens a file in a window of that size, and waits until it stands."""
        self.call("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1],
                  deviceScaleFactor=scale, mobile=size[0] < 600)
        self.call("Emulation.setEmulatedMedia", media="", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.requests.clear()
        self.loaded = False
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        until = time.monotonic() + self.LIMIT_S
        while not self.loaded:
            self._next(until)

    def evaluate(self, expression):
        """The value of an expression in the page; promises are waited for."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in result:
            raise Fault(json.dumps(result["exceptionDetails"])[:500])
        return result["result"].get("value")

    def picture(self, path, whole=True):
        """The page as PNG: all of it, or only the window."""
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(path, "wb") as out:
            out.write(base64.b64decode(data["data"]))

    def print_a4(self):
        """The page as PDF, as the print dialogue makes it."""
        data = self.call("Page.printToPDF", paperWidth=8.27, paperHeight=11.69,
                         preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(data["data"])
