#!/bin/sh
# setup.sh SET...: installs the Debian packages that are missing. Silent when none is.
# Sets: build, test, lint, fuzz, real (peers for tests/real), bare (tests/system), gpio (tests/gpio), eval
# (make eval), export (tests/system/export.sh), browser (make gallery, tests/browser), ci (all).
# Debian 12, Debian 13 and Raspberry Pi OS have every package under the same name.
set -eu

packages_of() {
	case $1 in
	build) echo gcc libc6-dev make pkgconf libmodbus-dev libgpiod-dev libfftw3-dev libsqlite3-dev \
		libinih-dev libjansson-dev libsystemd-dev libzstd-dev libcairo2-dev libpango1.0-dev \
		libedf-dev gettext fonts-liberation ;;
	test) echo libcmocka-dev ;;
	lint) echo git clang clang-tidy clang-format cppcheck mandoc ;;
	fuzz) echo clang libclang-rt-dev ;;
	real) echo python3-pymodbus mbpoll socat sqlite3 systemd python3-numpy ;;
	bare) echo git debootstrap ;;
	gpio) echo linux-source flex bison bc xz-utils kmod git debootstrap ;;
	eval) echo jq ;;
	export) echo python3-jsonschema python3-biosig python3-mne python3-numpy python3-pandas sqlite3 ;;
	browser) echo chromium poppler-utils python3 ;;
	ci) for set in build test lint fuzz real bare gpio eval export browser; do packages_of $set; done ;;
	*)
		echo "setup.sh: unknown set \"$1\"; there are: build test lint fuzz real bare gpio eval export browser ci" >&2
		exit 2
		;;
	esac
}

missing_of() {
	for package in "$@"; do
		dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
			echo "$package"
	done
}

wanted=$(for set in "$@"; do packages_of "$set"; done | xargs -n1 | sort -u)
if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
	echo "No apt here: these packages, by their Debian names, must be there:" $wanted
	exit 0
fi
missing=$(missing_of $wanted)
[ -n "$missing" ] || exit 0
echo "Installing:" $missing

as_root=
if [ "$(id -u)" -ne 0 ]; then
	as_root=sudo
	command -v sudo >/dev/null || {
		echo "setup.sh: neither root nor sudo; run as root: apt-get install" $missing >&2
		exit 1
	}
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT

apt() {
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" >"$log" 2>&1 </dev/null
}
install_missing() {
	apt install --no-install-recommends $missing
}

# The lists are fetched when they do not know a package, or when what they name is gone.
if ! apt-cache show $missing >/dev/null 2>&1 || ! install_missing; then
	apt update && install_missing || {
		cat "$log" >&2
		echo "setup.sh: apt-get could not install:" $missing >&2
		exit 1
	}
fi
