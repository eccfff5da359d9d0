#!/usr/bin/env bash
# install.sh: `make install` below a scratch folder leaves everything in its place, and what it
# leaves there works.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

check() {
	local name=$1
	shift
	if "$@" >"$scratch/log" 2>&1; then
		echo "[       OK ] $name"
	else
		cat "$scratch/log"
		echo "[  FAILED  ] $name"
		failed=1
	fi
}

files_are_there() {
	local file missing=0
	for file in bin/lumbar sbin/lumbard share/man/man1/lumbar.1 share/man/man8/lumbard.8 \
		share/man/man5/lumbard.conf.5 share/doc/lumbar/LICENSE share/doc/lumbar/README.md \
		share/doc/lumbar/examples/lumbard.conf share/lumbar/profiles/overlay-32x16.ini \
		lib/systemd/system/lumbard.service lib/systemd/system/lumbar-report.service \
		lib/systemd/system/lumbar-report.timer lib/sysusers.d/lumbar.conf lib/udev/rules.d/60-lumbar.rules \
		lib/tmpfiles.d/lumbar.conf; do
		[ -s "$root/usr/$file" ] || {
			echo "usr/$file is not there"
			missing=1
		}
	done
	[ -n "$(ls "$root/usr/share/lumbar/models")" ] && return $missing
}

nothing_is_elsewhere() {
	[ "$(ls "$root")" = usr ]
}

unit_names_the_program() {
	grep -q '^ExecStart=/usr/sbin/lumbard' "$root/usr/lib/systemd/system/lumbard.service" &&
		grep -q '^ExecStart=/usr/bin/lumbar nightly' \
			"$root/usr/lib/systemd/system/lumbar-report.service" &&
		! grep -r /usr/local "$root/usr/lib"
}

root=$scratch/root
BUILD=build-install
check 'make install DESTDIR= PREFIX=/usr' make -s -j2 install BUILD=$BUILD DESTDIR="$root" PREFIX=/usr
check 'every file is in its place' files_are_there
check 'and nothing is outside the prefix' nothing_is_elsewhere
check 'the unit names the installed program' unit_names_the_program
check 'the installed lumbar runs' "$root/usr/bin/lumbar" --version
check 'the installed lumbard runs' "$root/usr/sbin/lumbard" --version
exit $failed
