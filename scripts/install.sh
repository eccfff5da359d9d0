#!/bin/sh
# install.sh BUILD DESTDIR PREFIX: puts the programs and everything that they read in its place.
set -eu
build=$1
root=$2$3
prefix=$3

# put MODE FOLDER FILE...: installs the files that are there.
put() {
	mode=$1
	folder=$root/$2
	shift 2
	for file in "$@"; do
		[ -f "$file" ] || continue
		install -D -m "$mode" "$file" "$folder/${file##*/}"
	done
}

put 755 bin "$build/lumbar"
put 755 sbin "$build/lumbard"
put 644 share/lumbar/profiles calib/profiles/*.ini
put 644 share/lumbar/models calib/models/*
for section in 1 5 8; do
	put 644 "share/man/man$section" docs/man/*."$section"
done
put 644 share/doc/lumbar README.md CHANGELOG.md LICENSE docs/*.md docs/*.json
put 644 share/doc/lumbar/hardware docs/hardware/*.svg
put 644 share/doc/lumbar/examples docs/examples/*
put 644 lib/sysusers.d systemd/sysusers.d/*
put 644 lib/tmpfiles.d systemd/tmpfiles.d/*
put 644 lib/udev/rules.d systemd/udev/*

# The units name the programs by their full path.
for unit in systemd/*.service systemd/*.timer; do
	[ -f "$unit" ] || continue
	install -d "$root/lib/systemd/system"
	sed "s|/usr/local/|$prefix/|g" "$unit" >"$root/lib/systemd/system/${unit##*/}"
	chmod 644 "$root/lib/systemd/system/${unit##*/}"
done
