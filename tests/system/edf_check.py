#!/usr/bin/env python3
"""edf_check.py FILE.edf: reads EDF+ by its specification (edfplus.info/specs) with nothing but the
standard library, checks the header byte for byte, and prints what is inside as JSON: signals with
their physical samples (null: the lowest value, which stands for not known) and annotations."""
import datetime
import json
import re
import sys

data = open(sys.argv[1], "rb").read()
bad = 0


def must(true, words):
    global bad
    if not true:
        bad += 1
        print(words, file=sys.stderr)


class Fields:
    def __init__(self):
        self.at = 0

    def text(self, size):
        raw = data[self.at:self.at + size]
        must(len(raw) == size and all(32 <= b <= 126 for b in raw), f"byte {self.at}: {raw!r} is not printable ASCII")
        must(not raw.startswith(b" ") or not raw.strip(), f"byte {self.at}: {raw!r} is not left-justified")
        self.at += size
        return raw.decode("ascii", "replace").rstrip(" ")

    def number(self, size, kind=float):
        text = self.text(size)
        must(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text), f"byte {self.at - size}: {text!r} is no number")
        return kind(text)


f = Fields()
must(f.text(8) == "0", "the version is not 0")
patient, recording = f.text(80), f.text(80)
must(patient == "X X X X", f"the patient is {patient!r}: code, sex, birthday and name must be X")
date, time = f.text(8), f.text(8)
must(re.fullmatch(r"\d\d\.\d\d\.\d\d", date) and re.fullmatch(r"\d\d\.\d\d\.\d\d", time), f"{date} {time}: dd.mm.yy hh.mm.ss")
start = datetime.datetime.strptime(f"{date} {time}", "%d.%m.%y %H.%M.%S")
words = recording.split(" ")
must(words[:4] == ["Startdate", start.strftime("%d-%b-%Y").upper(), "X", "X"], f"the recording is {recording!r}")
header_bytes = f.number(8, int)
must(f.text(44) == "EDF+C", "not EDF+C")
n_records, record_s, n = f.number(8, int), f.number(8), f.number(4, int)
must(header_bytes == 256 * (n + 1), f"{header_bytes} header bytes for {n} signals")
columns = {}
for name, size, kind in (("label", 16, None), ("transducer", 80, None), ("dimension", 8, None), ("low", 8, float),
                         ("high", 8, float), ("digital_low", 8, int), ("digital_high", 8, int),
                         ("filter", 80, None), ("samples", 8, int), ("reserved", 32, None)):
    columns[name] = [f.number(size, kind) if kind else f.text(size) for _ in range(n)]
signals = [dict(zip(columns, row)) for row in zip(*columns.values())]
record_bytes = 2 * sum(s["samples"] for s in signals)
must(f.at == header_bytes, f"the header ends at {f.at}")
must(len(data) == header_bytes + n_records * record_bytes, f"{len(data)} bytes for {n_records} records")
must(record_bytes <= 61440, f"{record_bytes} bytes a record")
for s in signals:
    must(-32768 <= s["digital_low"] < s["digital_high"] <= 32767, f"{s['label']}: digital range")
    must(s["low"] != s["high"], f"{s['label']}: physical range")
    if s["label"] == "EDF Annotations":
        must((s["digital_low"], s["digital_high"]) == (-32768, 32767), "range of the annotations")
labels = [s["label"] for s in signals]
must("EDF Annotations" in labels, "no annotations")
plain = [s for s in labels if s != "EDF Annotations"]
must(len(set(plain)) == len(plain), f"labels twice: {plain}")

annotations = []


def read_annotations(raw, record, first):
    for number, tal in enumerate(raw.rstrip(b"\0").split(b"\0")):
        if not tal:
            continue
        must(tal.endswith(b"\x14"), f"record {record}: {tal!r} does not end with 20")
        stamp, *texts = tal[:-1].split(b"\x14")
        parts = re.fullmatch(rb"([+-][0-9]+(?:\.[0-9]+)?)(?:\x15([0-9]+(?:\.[0-9]+)?))?", stamp)
        must(parts, f"record {record}: {stamp!r} is no onset")
        if first and number == 0:  # the time-keeping annotation
            must(texts == [b""] and float(parts[1]) == record * record_s, f"record {record} begins at {stamp!r}")
            continue
        for text in texts:
            annotations.append({"onset_s": float(parts[1]), "duration_s": float(parts[2] or 0), "text": text.decode("utf-8")})


for s in signals:
    s["values"] = []
at = header_bytes
for record in range(n_records):
    first = True
    for s in signals:
        raw = data[at:at + 2 * s["samples"]]
        at += len(raw)
        if s["label"] == "EDF Annotations":
            read_annotations(raw, record, first)
            first = False
            continue
        for i in range(0, len(raw), 2):
            digital = int.from_bytes(raw[i:i + 2], "little", signed=True)
            must(s["digital_low"] <= digital <= s["digital_high"], f"{s['label']}: {digital} is out of range")
            scale = (s["high"] - s["low"]) / (s["digital_high"] - s["digital_low"])
            s["values"].append(None if digital == s["digital_low"] else s["low"] + scale * (digital - s["digital_low"]))
json.dump({"start": start.isoformat(), "recording": recording, "record_s": record_s, "records": n_records,
           "signals": [s for s in signals if s["label"] != "EDF Annotations"],
           "annotations": sorted(annotations, key=lambda a: a["onset_s"])}, sys.stdout)
sys.exit(bad > 0)
