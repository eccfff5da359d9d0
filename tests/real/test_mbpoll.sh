#!/usr/bin/env bash
# test_mbpoll.sh: mbpoll, a master that is not ours, reads the simulated mat over TCP and over RTU
# on a pseudo-terminal; the same frame read by our own driver holds the same values.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/real/common.bash

command -v mbpoll >/dev/null || skip_all 'mbpoll: mbpoll is not installed'

# A mat whose frames change every 30 s only, so that two masters see the same one.
profile=$scratch/slow.ini
sed 's/^rate = .*/rate = 0.033 hz/' calib/profiles/overlay-32x16.ini >"$profile"

# compare NAME DRIVER-SETTINGS... -- MBPOLL-ARGUMENTS...: 512 cells by both.
compare() {
	local name=$1 settings=()
	shift
	while [ "$1" != -- ]; do
		settings+=(--set "$1")
		shift
	done
	shift
	: >"$scratch/mbpoll.txt"
	for first in 0 125 250 375 500; do
		timeout 10 mbpoll -1 -0 -a 1 -t 3 -r $first -c $((first == 500 ? 12 : 125)) "$@" \
			2>&1 | sed -n 's/^\[[0-9]*\]:[[:blank:]]*\([0-9]*\).*/\1/p' >>"$scratch/mbpoll.txt"
	done
	timeout 20 "$build/lumbar" record --driver modbus --set "profile=$profile" "${settings[@]}" \
		--seconds 0.001 --replace -o "$scratch/$name.rec" >"$scratch/$name.log" 2>&1
	"$build/lumbar" record --frames "$scratch/$name.rec" | head -n 1 | tr '\t' '\n' \
		>"$scratch/driver.txt"
	local cells loaded
	cells=$(wc -l <"$scratch/mbpoll.txt")
	loaded=$(awk '$1 > 100' "$scratch/mbpoll.txt" | wc -l)
	if [ "$cells" = 512 ] && [ "$loaded" -gt 20 ] && cmp -s "$scratch/mbpoll.txt" "$scratch/driver.txt"; then
		ok "mbpoll over $name: $cells cells, $loaded of them loaded, as our driver reads them"
	else
		cat "$scratch/$name.log"
		paste "$scratch/mbpoll.txt" "$scratch/driver.txt" | awk '$1 != $2' | head -n 5
		bad "mbpoll over $name: $cells cells, $loaded loaded, as our driver reads them"
	fi
}

# serve NAME ADDRESS: a simulated person on her back; where it listens goes to $where.
serve() {
	start "$1-server.log" "$build/lumbar" simulate --serve "$2" --profile "$profile" --plan rest --seed 1
	wait_for 20 grep -q 'listening on' "$scratch/$1-server.log"
	where=$(sed -n 's/.*listening on \([^ ,;]*\).*/\1/p' "$scratch/$1-server.log" | head -n 1)
}

port=$(free_port)
serve tcp "tcp:$port"
compare tcp "port=$port" -- -m tcp -p "$port" 127.0.0.1
serve rtu rtu:pty
compare rtu transport=rtu "device=$where" -- -m rtu -b 115200 -P none "$where"

# a register that the mat does not have is refused, not invented
refusal=$(timeout 10 mbpoll -1 -0 -a 1 -t 3 -r 2000 -c 1 -m tcp -p "$port" 127.0.0.1 2>&1)
if [[ $refusal == *'Illegal data address'* ]]; then
	ok 'mbpoll: a register that is not there is refused'
else
	bad 'mbpoll: a register that is not there is refused'
fi
exit $failed
