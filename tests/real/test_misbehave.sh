#!/usr/bin/env bash
# test_misbehave.sh: lumbard against a Modbus slave that is silent, late, refuses, answers short,
# with zeros, with one frame for ever, with garbage, or hangs up: each time the state becomes
# technical with the right word, and good frames are taken again as soon as there are some.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/real/common.bash

port=$(free_port)
mode() { echo "$1" >"$scratch/mode.new" && mv "$scratch/mode.new" "$scratch/mode"; }
mode good
start server.log python3 tests/real/misbehave.py "$port" "$scratch/mode"
wait_for 10 is_listening "$port" || {
	cat "$scratch/server.log"
	bad 'misbehave: the server listens'
	exit 1
}
config overlay-32x16 "$port" 'pipeline.frozen = 2 s' 'pipeline.gap = 1 s'
start lumbard.log "$build/lumbard" -c "$scratch/lumbard.conf"
daemon=${children[-1]}

is_good() { [[ $(status state) =~ ^(person|object|empty|unknown)$ ]]; }
alive() { kill -0 "$daemon" 2>/dev/null; }

# check MODE WORD
check() {
	local begun=$SECONDS said recovered
	mode "$1"
	wait_for 30 status_is state "$2" && said=yes || said="no, $(status state)"
	mode good
	wait_for 45 is_good && recovered=yes || recovered="no, $(status state)"
	if [ "$said" = yes ] && [ "$recovered" = yes ] && alive; then
		ok "misbehave: $1 is $2, and good frames come back ($((SECONDS - begun)) s)"
	else
		bad "misbehave: $1 is $2: $said; good frames come back: $recovered; daemon $(alive && echo alive || echo gone)"
	fi
}

if wait_for 20 is_good; then
	ok 'misbehave: good frames are taken'
else
	bad "misbehave: good frames are taken ($(status state))"
fi
check silent no_data
check late no_data
check exceptions no_data
check short no_data
check garbage no_data
check hangup no_data
check zeros zeros
check frozen frozen

kill -TERM "$daemon"
wait "$daemon"
code=$?
if [ $code = 0 ]; then ok 'misbehave: the daemon ends cleanly'; else bad "misbehave: the daemon ends with $code"; fi
[ $failed = 0 ] || tail -n 30 "$scratch/lumbard.log" "$scratch/status.log"
exit $failed
