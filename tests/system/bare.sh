#!/usr/bin/env bash
# bare.sh RELEASE: what the README promises, in a bare Debian tree (bookworm, trixie): make and git
# are installed, then `make demo` and `make check` run in a clean copy of HEAD. Needs root,
# debootstrap and a Debian mirror. KEEP=1 keeps the tree.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
release=${1:?which release: bookworm or trixie}
tree=$(mktemp -d "${TMPDIR:-/tmp}/lumbar-$release-XXXXXX")
chmod 755 "$tree" # it is the root folder of everybody in it
failed=0

skip() {
	echo "[  SKIPPED ] bare $release: $1"
	exit 0
}

finish() {
	for place in dev/pts dev proc; do
		mountpoint -q "$tree/$place" && umount -l "$tree/$place"
	done
	[ "${KEEP:-0}" = 1 ] || rm -rf --one-file-system "$tree"
}
trap finish EXIT

# check NAME COMMAND: runs it in the tree, in the copy of the project.
check() {
	local begun=$SECONDS
	if chroot "$tree" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
		TERM=dumb sh -c "cd /root/lumbar && $2" >"$tree/log" 2>&1 </dev/null; then
		tail -n "${3:-1}" "$tree/log"
		echo "[       OK ] bare $release: $1 ($((SECONDS - begun)) s)"
	else
		tail -n 60 "$tree/log"
		echo "[  FAILED  ] bare $release: $1 ($((SECONDS - begun)) s)"
		failed=1
	fi
}

[ "$(id -u)" = 0 ] || skip 'needs root'
command -v debootstrap >/dev/null || skip 'needs debootstrap'
debootstrap --variant=minbase "$release" "$tree" >"$tree.log" 2>&1 || {
	tail -n 3 "$tree.log"
	rm -f "$tree.log"
	skip 'debootstrap could not make the tree'
}
rm -f "$tree.log"
mount --bind /proc "$tree/proc" && mount --bind /dev "$tree/dev" &&
	mount --bind /dev/pts "$tree/dev/pts" || skip 'needs mounts'
cp /etc/resolv.conf "$tree/etc/resolv.conf"
mkdir -p "$tree/root/lumbar"
git archive HEAD | tar -x -C "$tree/root/lumbar" || exit 1

check 'apt install make git' 'apt-get -q -y install make git'
check 'make demo' 'make demo' 40
check 'make check' 'make check'
check 'make check again, nothing to install' 'make check'
check 'what is exported, read by others' 'scripts/setup.sh export && tests/system/export.sh' 11
exit $failed
