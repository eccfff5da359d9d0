#!/bin/sh
# coverage.sh BUILD: the share of lines that the tests reached, by gcov, file by file and in all.
set -eu
build=$1
find "$build/obj/src" "$build/obj/drivers" "$build/obj/calib" -name '*.gcda' |
	xargs gcov -n 2>/dev/null |
	awk -F"'" '
	/^File / { file = $2; next }
	/^Lines executed:/ && file ~ /^(src|drivers|calib)\/.*\.c$/ {
		split($0, part, /[:% ]+/)	# Lines executed:93.33% of 45
		if (!(file in lines) || part[3] * part[5] > reached[file] * 100)
			reached[file] = part[3] * part[5] / 100
		lines[file] = part[5]
		file = ""
	}
	END {
		for (file in lines) {
			printf "%6.1f %%  %5d lines  %s\n", 100 * reached[file] / lines[file], lines[file], file
			all += lines[file]
			got += reached[file]
		}
		if (all)
			printf "%6.1f %%  %5d lines  ~ in all\n", 100 * got / all, all
	}' | LC_ALL=C sort -k4
