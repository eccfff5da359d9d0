#!/usr/bin/env python3
"""check.py FOLDER [AXE]: the pages of `make gallery` in headless Chromium, light and dark. axe-core
finds no violation (contrast, order of headings, texts of pictures ...), nothing is fetched, every
link inside leads somewhere, nothing is cut at the side of a phone, and each prints on A4 in few
pages. AXE: the script's file; without it axe-core is fetched with npm into a scratch folder."""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

import chromium

AXE = "axe-core@4.14.1"
PAGES_MOST = 5  # of A4, by the print dialogue: larger type than in the PDF
counts = {"OK": 0, "FAILED": 0, "SKIPPED": 0}


def say(outcome, name, why=""):
    counts[outcome] += 1
    mark = {"OK": "[       OK ]", "FAILED": "[  FAILED  ]", "SKIPPED": "[  SKIPPED ]"}[outcome]
    print(f"{mark} browser: {name}{': ' + why if why else ''}")


def fetch_axe(folder):
    """The script's text, or None with a reason said."""
    if not shutil.which("npm"):
        say("SKIPPED", "axe-core", "npm is not here to fetch it")
        return None
    got = subprocess.run(["npm", "pack", "--silent", AXE], cwd=folder, capture_output=True,
                         text=True, timeout=100)
    if got.returncode != 0:
        say("SKIPPED", "axe-core", "no registry: " + got.stderr.strip()[-100:])
        return None
    archive = glob.glob(os.path.join(folder, "*.tgz"))[0]
    subprocess.run(["tar", "-xzf", archive, "package/axe.min.js"], cwd=folder, check=True)
    with open(os.path.join(folder, "package", "axe.min.js"), encoding="utf-8") as script:
        return script.read()


def violations(browser, axe):
    browser.evaluate(axe + "; 0")
    return browser.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map("
        "v => v.id + ' (' + v.nodes.length + '): ' + v.nodes[0].html.slice(0, 120) + ' '"
        " + (v.nodes[0].any.map(a => a.message).join('; ')).slice(0, 200)))")


DEAD_LINKS = """Array.from(document.querySelectorAll('a[href]')).map(a => a.getAttribute('href'))
    .filter(h => h[0] === '#' ? !document.getElementById(h.slice(1)) : !h.match(/^[a-z0-9-]+\\.(html|pdf)$/))"""
CUT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def check_page(browser, page, dark, axe):
    faults = []
    browser.show(page, dark=dark)
    dead = browser.evaluate(DEAD_LINKS)
    if dead:
        faults.append("links to nowhere: " + ", ".join(dead[:5]))
    if browser.evaluate(CUT) > 0:
        faults.append(f"{browser.evaluate(CUT)} px are cut off at the side of a phone")
    if axe:
        faults += violations(browser, axe)
    fetched = [url for url in browser.requests if url != "file://" + os.path.abspath(page)]
    if fetched:
        faults.append("fetches " + ", ".join(fetched[:3]))
    return faults


def check_print(browser, page):
    browser.show(page, size=(900, 1200))
    pages = len(re.findall(rb"/Type\s*/Page\b", browser.print_a4()))
    return [] if 1 <= pages <= PAGES_MOST else [f"prints on {pages} pages"]


def main(folder, axe_file=None):
    if not chromium.find():
        say("SKIPPED", "all pages", "no Chromium (scripts/setup.sh browser)")
        return
    pages = sorted(glob.glob(os.path.join(folder, "*.html")))
    if not pages:
        say("FAILED", "all pages", f"none in {folder}")
    scratch = tempfile.mkdtemp(prefix="lumbar-axe-")
    try:
        if axe_file:
            with open(axe_file, encoding="utf-8") as script:
                axe = script.read()
        else:
            axe = fetch_axe(scratch)
        with chromium.Chromium() as browser:
            for page in pages:
                name = os.path.basename(page)
                for look, dark in (("light", False), ("dark", True)):
                    faults = check_page(browser, page, dark, axe)
                    say("FAILED" if faults else "OK", f"{name}, {look}", " | ".join(faults))
                faults = check_print(browser, page)
                say("FAILED" if faults else "OK", f"{name}, printed", " | ".join(faults))
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main(*sys.argv[1:])
    print(f"{counts['OK']} passed, {counts['FAILED']} failed, {counts['SKIPPED']} skipped")
    sys.exit(1 if counts["FAILED"] else 0)
