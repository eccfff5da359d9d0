#!/usr/bin/env bash
# timer.sh: the units as the README switches them on, under a real systemd: the reports of a night that
# is recorded meanwhile, timers, a clock that leaps, the sandbox, the rules for devices. It runs in the
# kernel of tests/gpio, whose clock leaps to the next timer when all sleep, so days pass in a minute
# and nothing depends on how busy this machine is. JOURNAL=FILE keeps what the journal says.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
exec </dev/null
build=${LUMBAR_BUILD:-build}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/lumbar-timer-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM
. tests/gpio/kernel/boot.bash

skip() {
	echo "[  SKIPPED ] systemd in a kernel: $1"
	exit 0
}

# A day of the past, which lumbard finds when it is started.
record_a_day() {
	"$build/lumbar" simulate --plan demo --surface bed --rows 16 --cols 8 --rate 1 \
		--start 2026-03-10T12:00:00+01:00 -o "$scratch/day.rec" &&
		"$build/lumbar" replay "$scratch/day.rec" --database "$scratch/systemd/day.db"
}

reason=$(can_boot) || skip "$reason"
scripts/setup.sh build real gpio || skip 'its parts could not be installed'
[ -x /lib/systemd/systemd ] || skip 'systemd is not installed'
make -s -j"$(nproc)" all BUILD="$build" && tests/gpio/kernel/build "$scratch" &&
	scripts/install.sh "$build" "$scratch/systemd/root" /usr/local &&
	record_a_day >"$scratch/said" 2>&1 || {
	cat "$scratch/said"
	echo '[  FAILED  ] systemd in a kernel: what it needs'
	exit 1
}
boot systemd / "$PWD" pid1=tests/system/timer/start time-travel=inf-cpu
status=$?
cat "$scratch/systemd/log"
[ -z "${JOURNAL:-}" ] || cp "$scratch/systemd/journal" "$JOURNAL"
grep -q '^\[' "$scratch/systemd/log" || echo '[  FAILED  ] systemd in a kernel: it said nothing'
exit $status
