#!/bin/sh
# quick.sh: those of test_faults.sh that take a few seconds; a program of make check.
exec "$(dirname "$0")/test_faults.sh" --quick
