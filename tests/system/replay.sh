#!/usr/bin/env bash
# replay.sh: one recording replayed twice gives the same database, row for row.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
build=${LUMBAR_BUILD:-build}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$build/lumbar" simulate --plan demo --seed 3 -o "$scratch/day.rec" >"$scratch/log" 2>&1 &&
	"$build/lumbar" replay "$scratch/day.rec" --database "$scratch/one.db" >>"$scratch/log" 2>&1 &&
	"$build/lumbar" replay "$scratch/day.rec" --database "$scratch/two.db" >>"$scratch/log" 2>&1 || {
	cat "$scratch/log"
	echo '[  FAILED  ] two replays of one recording'
	exit 1
}
for copy in one two; do
	sqlite3 "$scratch/$copy.db" .dump >"$scratch/$copy.sql"
done
if cmp "$scratch/one.sql" "$scratch/two.sql"; then
	echo "[       OK ] two replays give the same dump of $(wc -l <"$scratch/one.sql") lines"
else
	diff "$scratch/one.sql" "$scratch/two.sql" | head -20
	echo '[  FAILED  ] two replays give the same dump'
	exit 1
fi
