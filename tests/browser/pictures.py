#!/usr/bin/env python3
"""pictures.py FOLDER: its pages as PNG on a phone, light and dark, and its PDF files page by page."""

import glob
import os
import shutil
import subprocess
import sys

import chromium


def main(folder):
    if not chromium.find():
        print("no pictures: they take Chromium (scripts/setup.sh browser)")
        return 0
    pages = sorted(glob.glob(os.path.join(folder, "*.html")))
    with chromium.Chromium() as browser:
        for page in pages:
            for name, dark in (("phone", False), ("dark", True)):
                browser.show(page, dark=dark)
                browser.picture(f"{page[:-5]}-{name}.png")
    if shutil.which("pdftoppm"):
        for paper in sorted(glob.glob(os.path.join(folder, "*.pdf"))):
            subprocess.run(["pdftoppm", "-r", "72", "-png", paper, paper[:-4] + "-a4"],
                           check=True)
    print(f"{len(pages)} pages as pictures beside them: -phone, -dark, -a4")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
