# What the scripts of tests/real share: a scratch folder, free ports, things that end with the
# script, and the lines that .ci/run counts. Sourced with the repository's root as the folder.
build=${LUMBAR_BUILD:-build}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/lumbar-real-XXXXXX")
failed=0
children=()

finish() {
	((${#children[@]} == 0)) || kill "${children[@]}" 2>/dev/null
	wait 2>/dev/null
	rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 1' INT TERM

ok() { echo "[       OK ] $1"; }
bad() {
	echo "[  FAILED  ] $1"
	failed=1
}
skip_all() {
	echo "[  SKIPPED ] $1"
	exit 0
}

# start LOG COMMAND...: in the background, until the script ends.
start() {
	local log=$scratch/$1
	shift
	"$@" >"$log" 2>&1 </dev/null &
	children+=($!)
}

free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# wait_for SECONDS COMMAND...: until the command succeeds; fails when it never does.
wait_for() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		((SECONDS < end)) || return 1
		sleep 0.3
	done
}

is_listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# config PROFILE PORT [LINE...]: a daemon of one surface, its files in the scratch folder.
config() {
	local profile=$1 port=$2
	shift 2
	printf '%s\n' '[lumbard]' "database = $scratch/lumbar.db" "status_file = $scratch/status.json" \
		'[surface bed]' 'kind = bed' 'driver = modbus' "modbus.profile = $PWD/calib/profiles/$profile.ini" \
		"modbus.port = $port" "$@" >"$scratch/lumbard.conf"
}

# status KEY: of the first surface, as `lumbar status --json` tells it.
status() {
	"$build/lumbar" status --json --file "$scratch/status.json" 2>>"$scratch/status.log" |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["surfaces"][0].get(sys.argv[1]))' "$1" \
			2>>"$scratch/status.log"
}
status_is() { [ "$(status "$1")" = "$2" ]; }
