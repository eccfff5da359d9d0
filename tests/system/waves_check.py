#!/usr/bin/env python3
"""waves_check.py EDF.json NIGHT.db TRUTH.csv: wave forms as edf_check.py read them, against the
minutes that a replay of the same recording gave, and the breath against what the simulator knows."""
import csv
import datetime
import json
import sqlite3
import sys

import numpy as np

edf = json.load(open(sys.argv[1]))
db = sqlite3.connect(sys.argv[2])
truth = [row for row in csv.DictReader(open(sys.argv[3])) if row["surface"] == "bed"]
bad = 0


def must(true, words):
    global bad
    if not true:
        bad += 1
        print(words)


rate = len(edf["signals"][0]["values"]) / (edf["records"] * edf["record_s"])
waves = {s["label"]: np.array([np.nan if v is None else v for v in s["values"]]) for s in edf["signals"]}
hours, minutes = edf["recording"].split("UTC")[1].split("_")[0].split(":")
offset = datetime.timezone(datetime.timedelta(hours=int(hours), minutes=int(minutes) * (-1 if "-" in hours else 1)))
start_s = datetime.datetime.fromisoformat(edf["start"]).replace(tzinfo=offset).timestamp()


def minutes_of(column):
    """(slice of samples, value) of each minute of the bed in which she was there all the time."""
    rows = db.execute(f"SELECT (start_ns + offset_ns) / 1e9, {column} FROM epoch JOIN clock USING (session_id) "
                      "JOIN surface ON surface.id = surface_id WHERE kind = 'bed' AND person_s > 59.5")
    for real_s, value in rows:
        at = round((real_s - start_s) * rate)
        if value is not None and at >= 0:
            yield slice(at, at + round(60 * rate)), value


def compare(label, column, scale, most, mean=np.nanmean):
    """Of each minute; the worst must not be farther off than `most`."""
    off = [abs(mean(waves[label][at]) - scale * value) for at, value in minutes_of(column)]
    must(len(off) > 30, f"{label}: only {len(off)} minutes")
    must(max(off, default=0) <= most, f"{label}: off by {max(off, default=0):.3g}")
    return len(off)


load = max(value for _, value in minutes_of("load"))
n = compare("Load bed", "load", 1, 0.002 * load)
compare("CoP x bed", "centre_x_ratio", 100, 0.1)
compare("CoP y bed", "centre_y_ratio", 100, 0.1)
compare("Breathing bed", "breathing_per_min", 1, 1.0, np.nanmedian)

# The wave goes up and down as often as she breathes.
wrong = whole = 0
for at, _ in minutes_of("load"):
    wave = waves["Resp bed"][at]
    known = [float(row["breathing_per_min"]) for row in truth[round(at.start / rate):round(at.stop / rate)]
             if row["breathing_per_min"]]
    if np.isnan(wave).any() or len(known) < 55:
        continue
    power = np.abs(np.fft.rfft((wave - wave.mean()) * np.hanning(len(wave)), 8 * len(wave)))
    per_min = 60 * rate * np.argmax(power) / (8 * len(wave))
    whole += 1
    wrong += abs(per_min - np.mean(known)) > 1
must(whole > 20 and wrong <= 0.05 * whole, f"the breathing wave: {wrong} of {whole} minutes are not the breath's")


def noted_s(text):
    return sum(a["duration_s"] for a in edf["annotations"] if a["text"] == text)


for posture in ("supine", "left", "right", "prone", "edge"):
    told = db.execute(f"SELECT sum(posture_{posture}_s) FROM epoch").fetchone()[0]
    must(abs(noted_s(f"Posture {posture}") - told) <= 20 + 0.02 * told,
         f"{posture}: {noted_s(f'Posture {posture}'):.0f} s are noted, {told:.0f} s counted")
print(f"{n} minutes, {whole} of a whole wave")
sys.exit(bad > 0)
