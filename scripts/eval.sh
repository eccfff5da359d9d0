#!/bin/sh
# eval.sh BUILD DATA [--short]: measures the figures of docs/figures.txt anew on a data folder, prints
# them as the table that stands in docs/methods.md, and fails where one is worse than it may be.
# --short: only those that are marked so, and five simulated nights instead of 50 (NIGHTS=N).
set -u
build=$(cd "$1" && pwd)
lumbar=$build/lumbar
data=$2
short=${3:-}
scripts=$(cd "$(dirname "$0")" && pwd)
figures=$scripts/../docs/figures.txt
[ -d "$data" ] || {
	echo "eval.sh: \"$data\" is no folder; say DATA=FOLDER, with the manifests of lumbar eval" >&2
	exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for folder in "$(cd "$data" && pwd)"/*/; do
	ln -s "$folder" "$work/$(basename "$folder")"
done
cd "$work" || exit 2

# PoPu lies mirrored; its parts, as manifests of their own, beside which the data lies.
popu() {
	[ -f popu/over.csv ] || return
	ln -s popu/over over
	awk -F, "NR == 1 { print \$0 \",flip\"; next } $2 { print \$0 \",cols\" }" \
		popu/over.csv >"popu-$1.csv"
}
popu three '$5 != "prone" && $5 != "empty"'
[ -e over ] && rm over
popu prone-odd '$6 ~ /^prone[1357]_/'
[ -e over ] && rm over
popu prone-even '$6 ~ /^prone[246]_/'

# number PATH FILE: the number at a path of names in a JSON file of one name a line.
number() {
	awk -v path="$1" '
		BEGIN { n = split(path, name, "/"); at = 1 }
		index($0, "\"" name[at] "\":") && at++ == n {
			sub(/.*": */, ""); sub(/,$/, ""); print; exit
		}' "$2"
}

# run COMMAND: its JSON, made once, in $json. False where a manifest that it names is not there.
run() {
	json=$(printf '%s' "$1" | cksum | cut -d ' ' -f 1).json
	for word in $1; do
		case $word in
		*.csv) [ -f "$word" ] || return 1 ;;
		esac
	done
	# shellcheck disable=SC2086 # a command is words
	[ -f "$json" ] || "$lumbar" eval $1 --json >"$json" 2>"$json.said" || cat "$json.said" >&2
}

echo '| measure | data | figure | command |'
echo '| --- | --- | --- | --- |'
bad=0 skipped=0
while IFS='|' read -r key form figure margin measure source path scale command; do
	case $key in '' | '#'*) continue ;; esac
	[ -z "$short" ] || [ "$form" = ' short ' ] || continue
	command=$(echo $command) measure=$(echo $measure) source=$(echo $source)
	run "$command" || {
		skipped=$((skipped + 1))
		continue
	}
	value=$(number "$(echo $path)" "$json")
	awk -v value="$value" -v scale="$scale" -v figure="$figure" -v margin="$margin" \
		-v key="$key" -v row="| $measure | $source" -v command="$command" '
		BEGIN {
			if (value !~ /^-?[0-9]/) { print key ": no figure" >"/dev/stderr"; exit 1 }
			shown = sprintf("%.4g", value * scale)
			printf "%s | %s | `lumbar eval %s` |\n", row, shown, command
			worse = margin < 0 ? figure - value * scale : value * scale - figure
			if (worse <= (margin < 0 ? -margin : margin) + 1e-6) exit 0
			print key ": " shown " is worse than " figure + 0 " by more than it may be" \
				>"/dev/stderr"
			exit 1
		}' || bad=1
done <"$figures"
[ "$skipped" = 0 ] || echo "$skipped figures have no data here" >&2

[ -z "$short" ] || : "${NIGHTS:=5}"
echo "== ${NIGHTS:=50} simulated nights (NIGHTS=N for more or fewer)"
"$scripts/nights.sh" "$build" "$NIGHTS" | tee nights.txt || bad=1
# Half a point under what was measured (docs/methods.md); turns at least 97 in a hundred.
awk '
	function least(what, floor) {
		if ($0 ~ "^" what && $7 < floor) { print what " under the floor of " floor " %"; bad = 1 }
	}
	{ least("bed: exits", 99.5); least("bed: shifts", 97); least("chair: feeds", 99)
	  least("chair: bad_postures", 98.4) }
	END { exit bad || NR < 10 }
' nights.txt || bad=1
exit $bad
