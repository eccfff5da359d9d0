#!/usr/bin/env python3
"""tables_check.py FOLDER NIGHTS.db FEEDS: the tables as pandas reads them, cell by cell against the database
that they are of; FEEDS: how many stays in the chair there were."""
import re
import sqlite3
import sys

import numpy as np
import pandas as pd

folder, path, n_feeds = sys.argv[1], sys.argv[2], int(sys.argv[3])
db = sqlite3.connect(path)
epochs, events, feeds = (pd.read_csv(f"{folder}/{name}.csv") for name in ("epochs", "events", "feeds"))
WORDS = {"surface", "kind", "rule", "level", "advice_id", "unit", "detail", "night_date", "clock_synchronised"}
UNITS = ("_s", "_ratio", "_per_min", "_count", "_mmhg", "_percent", "_in_unit", "_id", "_time")
bad = 0


def must(true, words):
    global bad
    if not true:
        bad += 1
        print(words)


def stored(sql):
    return pd.read_sql_query(sql, db)


def same(name, told, wanted):
    """Seven digits of each; empty where the database has none."""
    told, wanted = (pd.to_numeric(column).to_numpy(float) for column in (told, wanted))
    must(len(told) == len(wanted), f"{name}: {len(told)} rows, {len(wanted)} in the database")
    if len(told) == len(wanted):
        must(np.array_equal(np.isnan(told), np.isnan(wanted)), f"{name}: not empty where the database is")
        must(np.allclose(told, wanted, rtol=5e-7, atol=0, equal_nan=True), f"{name}: not what the database has")


for name, table in (("epochs", epochs), ("events", events), ("feeds", feeds)):
    for column in table.columns:
        must(column in WORDS or column.endswith(UNITS), f"{name}: no unit in {column}")
        if column not in WORDS and not column.endswith("_time"):
            must(pd.api.types.is_numeric_dtype(table[column]), f"{name}: {column} is {table[column].dtype}")
        if column.endswith("_time"):
            stamps = table[column].dropna()
            must(stamps.str.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d").all(), f"{name}: {column}")
            must(pd.to_datetime(stamps, utc=True).notna().all(), f"{name}: {column} is no time")
    must(table["night_date"].map(lambda day: re.fullmatch(r"\d{4}-\d\d-\d\d", day) is not None).all(), f"{name}: dates")

# Each minute of each mat; which columns its kind has, docs/names.md says.
rows = stored("SELECT e.*, s.name, s.kind, c.unit, (start_ns + offset_ns) / 1000000000 AS real_s FROM epoch e "
              "JOIN surface s ON s.id = surface_id JOIN clock USING (session_id) "
              "JOIN calibration c USING (session_id, surface_id) ORDER BY real_s, surface_id")
seen, bed, seat = rows["observed_s"] > 0, rows["kind"] == "bed", rows["kind"] == "seat"
must(list(epochs["surface"]) == list(rows["name"]), "epochs: not the mats of the database")
same("start_time", pd.to_datetime(epochs["start_time"], utc=True).astype("int64") // 10**9, rows["real_s"])
renamed = {"activity_ratio_s": "activity", "shifts_count": "shifts", "exits_count": "exits", "bends_count": "bends"}
n_columns = 0
for column in epochs.columns[5:]:
    if column.startswith("load_sum_"):
        wanted = rows["load"].where(rows["unit"] == ("mmHg" if column.endswith("mmhg") else "relative"))
    else:
        wanted = rows[renamed.get(column, column)]
    if column.startswith("posture_") or column in ("shifts_count", "quiet_supine_s"):
        wanted = wanted.where(seen & bed)
    elif column.startswith("seat_") or column == "bends_count":
        wanted = wanted.where(seen & seat)
    elif column not in ("observed_s", "technical_s"):
        wanted = wanted.where(seen)
    same(column, epochs[column], wanted)
    n_columns += 1

rows = stored('SELECT rule, value, "limit", unit, coverage_ratio, confidence, detail FROM event')
key = lambda table, value: table.assign(key=table["rule"] + table["detail"]).sort_values(["key", value])
events, rows = key(events, "value_in_unit"), key(rows, "value")
must(list(events["key"]) == list(rows["key"]), "events: not those of the database")
for column, name in (("value_in_unit", "value"), ("limit_in_unit", "limit"), ("coverage_ratio", "coverage_ratio"),
                     ("confidence_ratio", "confidence")):
    same(column, events[column], rows[name])
must(list(events["unit"].fillna("")) == list(rows["unit"]), "events: units")
must(len(feeds) == n_feeds, f"{len(feeds)} feeds, not {n_feeds}")
print(f"{len(epochs)} minutes x {n_columns} columns, {len(events)} events, {len(feeds)} feeds")
sys.exit(bad > 0)
