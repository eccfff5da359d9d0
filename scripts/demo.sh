#!/bin/sh
# demo.sh BUILD: a live mat and a simulated day, with nothing but this machine. Part 1 serves two
# simulated mats as Modbus TCP slaves on free loopback ports and lets lumbard read them; part 2
# plays an evening, a night and a day through the same code; part 3 is the report.
set -eu
build=$1
demo=$build/demo
live_s=${LIVE_S:-15}
pids=

stop_all() {
	for pid in $pids; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || :
	done
	pids=
}
trap stop_all EXIT
trap 'exit 130' INT TERM

say() {
	printf '\n\033[1m%s\033[0m\n' "$*"
}
[ -t 1 ] || say() { printf '\n%s\n' "$*"; }

# serve NAME PROFILE PLAN: starts a simulated mat; port_NAME is where it listens.
serve() {
	"$build/lumbar" simulate --serve tcp:0 --profile "$2" --plan "$3" >"$demo/$1.log" 2>&1 &
	pids="$! $pids"
	tries=0
	until port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' "$demo/$1.log") && [ -n "$port" ]; do
		tries=$((tries + 1))
		[ $tries -lt 50 ] || { cat "$demo/$1.log" >&2; exit 1; }
		sleep 0.1
	done
	eval "port_$1=$port"
}

rm -rf "$demo"
mkdir -p "$demo"

say "1. A mat and a chair pad, live: two simulated Modbus TCP slaves, read by lumbard"
serve bed overlay-32x16 rest
serve chair chair-16x16 feed
cat >"$demo/live.conf" <<END
[lumbard]
database = $demo/live.db
status_file = $demo/status.json
log = warning

[surface bed]
kind = bed
driver = modbus
modbus.profile = overlay-32x16
modbus.port = $port_bed

[surface chair]
kind = seat
driver = modbus
modbus.profile = chair-16x16
modbus.port = $port_chair
END
"$build/lumbard" -c "$demo/live.conf" &
pids="$! $pids"
until [ -s "$demo/status.json" ] || ! kill -0 $! 2>/dev/null; do sleep 0.1; done
timeout "$live_s" "$build/lumbar" status --file "$demo/status.json" --watch || :
stop_all

say "2. An evening, a night and a day of a mother whose mattress is too soft, in virtual time"
"$build/lumbar" simulate --plan rest --surface bed --stiffness 200 --hours 0.1 -o "$demo/firm.rec"
reference=$("$build/lumbar" analyze --json "$demo/firm.rec" |
	sed -n 's/.*"valley_ratio": *\([0-9.]*\).*/\1/p' | tail -n 1)
echo "Her reference, five minutes on something firm: valley ratio ${reference:?}"
[ -t 2 ] && progress=--progress || progress=
"$build/lumbar" simulate --plan demo -o "$demo/day.rec" $progress
cat >"$demo/demo.conf" <<END
[lumbard]
database = $demo/lumbar.db

[surface bed]
kind = bed
driver = replay
replay.file = $demo/day.rec
replay.surface = bed
soft_support.reference_valley_ratio = $reference

[surface chair]
kind = seat
driver = replay
replay.file = $demo/day.rec
replay.surface = chair
END
"$build/lumbar" replay "$demo/day.rec" -c "$demo/demo.conf" --database "$demo/lumbar.db"

say "3. The report"
"$build/lumbar" report --database "$demo/lumbar.db"
"$build/lumbar" report --database "$demo/lumbar.db" --format html -o "$demo/report.html"

say "What now"
cat <<END
The same as a page:   $demo/report.html
On your own mat:      write a configuration as $demo/live.conf (modbus.host, modbus.profile ...), then
                      $build/lumbar check FILE && $build/lumbard -c FILE
                      and, elsewhere, $build/lumbar status --watch
For good:             sudo make install (README.md, "Your own mat")
END
