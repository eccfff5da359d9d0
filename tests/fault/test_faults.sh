#!/usr/bin/env bash
# test_faults.sh [--quick | --write]: lumbard against mats and lines that fail: see faults.py. Some
# three minutes; --quick, which make check runs, takes a few seconds.
cd "$(dirname "$0")/../.." || exit 1
if ! python3 -c 'import sqlite3' 2>/dev/null; then
	echo '[  SKIPPED ] faults: python3 is not installed'
	exit 0
fi
exec python3 -B tests/fault/faults.py "${LUMBAR_BUILD:-build}" "$@"
