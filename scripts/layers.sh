#!/bin/sh
# Who may include whom, and which room keeps which third party. Silent when all is well.
set -eu
cd "$(dirname "$0")/.."
bad=0

# allow ROOM "ROOMS...": files of ROOM include only these rooms (and their own).
allow() {
	room=$1
	shift
	dir=src/$room
	[ -d "$dir" ] || dir=$room
	[ -d "$dir" ] || return 0
	for file in $(find "$dir" -name '*.[ch]'); do
		for header in $(sed -n 's/^[ \t]*#[ \t]*include "\([^"]*\)".*/\1/p' "$file"); do
			to=${header%%/*}
			case " $room $* " in
			*" $to "*) ;;
			*)
				echo "$file includes \"$header\": $room may include only: $*"
				bad=1
				;;
			esac
		done
	done
}

# keep HEADER FILES...: only these may include <HEADER>.
keep() {
	header=$1
	shift
	for file in $(grep -rlE "^[ \t]*#[ \t]*include <$header>" src drivers calib 2>/dev/null); do
		found=0
		for home in "$@"; do
			case $file in $home) found=1 ;; esac
		done
		[ $found = 1 ] || {
			echo "$file includes <$header>, which lives in: $*"
			bad=1
		}
	done
}

allow base
allow core base
allow dsp base
allow recording base core
allow calib base core dsp
allow drivers base core recording
allow body base core dsp
allow guidance base core
allow detect base core guidance
allow pipeline base core calib body detect
allow store base core calib
allow report base core dsp guidance store
allow export base core dsp guidance store
allow live base core
keep modbus.h drivers/modbus_bus.c
keep gpiod.h 'drivers/lines_v?.c'
keep linux/spi/spidev.h drivers/spi.c
keep fftw3.h src/dsp/spectrum.c
keep sqlite3.h 'src/store/*' 'src/recording/*'
keep zstd.h 'src/recording/*'
keep ini.h src/base/inifile.c
keep 'cairo.*' src/report/canvas_cairo.c src/report/sheet.c
keep 'pango/.*' src/report/sheet.c
keep edflib.h src/export/edf_file.c
keep 'systemd/.*' 'src/app/*'

exit $bad
