# boot.bash: boots the kernel under test. Sourced by who has let `build` put it into $scratch.

# The kernel's memory is a file that must be executable and large enough.
memory_place() {
	local place
	for place in /dev/shm "${TMPDIR:-/tmp}" /var/tmp; do
		[ -w "$place" ] && ! findmnt -n -o OPTIONS -T "$place" | grep -qw noexec &&
			(($(df --output=avail -k "$place" | tail -n 1) > 320 * 1024)) && echo "$place" && return
	done
	return 1
}

# boot NAME ROOT PROJECT ARGUMENT...: with the project in /run/project and $scratch/NAME in
# /run/scratch, and what tests/gpio/init wants to know as arguments. What was said is in
# $scratch/NAME/log. Fails when that failed or the kernel did not end by itself.
boot() {
	local name=$1 root=$2 project=$3 place=$scratch/$1 memory
	shift 3
	memory=$(memory_place) || {
		echo "$name: no folder with 320 MB that may hold executable memory"
		return 1
	}
	mkdir -p "$place"
	cp "$scratch/emulators.ko" "$place"
	# The kernel keeps a folder of its own under HOME.
	TMPDIR=$memory HOME=$place timeout -k 10 "${LIMIT_S:-240}" "$scratch/linux" mem=256M root=/dev/root \
		rootfstype=hostfs rootflags="$root" ro init="${project#"${root%/}"}/tests/gpio/init" \
		con=null con0=null,fd:1 quiet "$@" scratch="$place" project="$project" \
		>"$place/console" 2>&1
	local status=$?
	if [ "$(cat "$place/status" 2>/dev/null)" != 0 ]; then
		[ -s "$place/log" ] || tail -n 30 "$place/console"
		((status != 124)) || echo "$name: the kernel was stopped after ${LIMIT_S:-240} s"
		return 1
	fi
}

# The kernel's command line has no room for blanks.
can_boot() {
	[ "$(uname -sm)" = 'Linux x86_64' ] || {
		echo "user-mode Linux is built for x86_64 on Linux; here is $(uname -sm)"
		return 1
	}
	case $PWD$scratch in
	*[[:space:]]*)
		echo "a kernel's command line has no room for the blanks in $PWD or $scratch"
		return 1
		;;
	esac
}
