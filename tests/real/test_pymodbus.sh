#!/usr/bin/env bash
# test_pymodbus.sh: a real person's recording, played by pymodbus as holding registers, is read by
# lumbard, and `lumbar status --json` says who lies there and how. DATA=FOLDER: the recordings.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/real/common.bash

frames=${DATA:-}/pmd/exp1/S1/1.txt
[ -r "$frames" ] || skip_all 'pymodbus: DATA=... holds no pmd/exp1/S1/1.txt'
for python in python3 /usr/bin/python3; do
	"$python" -c 'import pymodbus' 2>/dev/null && break
	python=
done
[ -n "$python" ] || skip_all 'pymodbus: python3-pymodbus is not installed'

port=$(free_port)
start server.log "$python" tests/real/pymodbus_server.py "$port" "$frames" 3
if ! wait_for 10 is_listening "$port"; then
	cat "$scratch/server.log"
	bad 'pymodbus: the server listens'
	exit 1
fi
config pmd-64x32 "$port"
start lumbard.log "$build/lumbard" -c "$scratch/lumbard.conf"

if wait_for 60 status_is state person; then
	ok 'pymodbus: status says person'
else
	bad "pymodbus: status says person (it says $(status state))"
fi
if wait_for 30 status_is posture supine; then
	ok 'pymodbus: status says supine'
else
	bad "pymodbus: status says supine (it says $(status posture))"
fi

# what was read is what was played: the frames that lumbar record gets are frames of the file
"$build/lumbar" record -c "$scratch/lumbard.conf" --seconds 3 -o "$scratch/read.rec" \
	>"$scratch/record.log" 2>&1 &&
	"$build/lumbar" record --frames "$scratch/read.rec" >"$scratch/read.txt"
"$python" - "$frames" "$scratch/read.txt" <<'END'
import sys
played = {tuple(min(int(float(c)), 1000) for c in line.split()) for line in open(sys.argv[1])}
read = [tuple(int(c) for c in line.split()) for line in open(sys.argv[2])]
sys.exit(0 if len(read) >= 2 and all(frame in played for frame in read) else 1)
END
if [ $? = 0 ]; then
	ok "pymodbus: $(wc -l <"$scratch/read.txt") frames of 2048 registers read, each as it was played"
else
	cat "$scratch/record.log"
	bad 'pymodbus: each frame read is one that was played'
fi
[ $failed = 0 ] || tail -n 20 "$scratch"/*.log
exit $failed
