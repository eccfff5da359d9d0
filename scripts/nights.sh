#!/bin/sh
# nights.sh BUILD N [FIRST]: N simulated nights with other people, mats and mattresses, each read
# and compared with its truth (lumbar eval night); prints the sums. Seeds FIRST, FIRST + 1, ... (1).
set -eu
command -v jq >/dev/null || {
	echo "nights.sh: jq is missing; this installs it: scripts/setup.sh eval" >&2
	exit 2
}
lumbar=$1/lumbar
n=$2
first=${3:-1}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

seed=$first
while [ "$seed" -lt $((first + n)) ]; do
	case $((seed % 4)) in
	0) mat='--rows 32 --cols 16' ;;
	1) mat='--rows 64 --cols 32' ;;
	2) mat='--rows 16 --cols 16' ;;
	3) mat='--rows 30 --cols 11' ;;
	esac
	case $((seed % 3)) in
	0) stiffness=35 ;;
	1) stiffness=80 ;;
	2) stiffness=160 ;;
	esac
	# shellcheck disable=SC2086 # two options
	"$lumbar" simulate --night --seed "$seed" --stiffness "$stiffness" $mat --rate 5 \
		-o "$folder/night"
	"$lumbar" eval night "$folder/night" --json >>"$folder/scores"
	seed=$((seed + 1))
done

jq -s -r '
	def sum(f): map(f) | add;
	def per(a; b): if b > 0 then (1000 * a / b | round) / 10 else 0 end;
	def events(s; what): (
		[.[] | s] as $s | ($s | map(.[what]) | add) as $all |
		($s | map(.[what + "_found"]) | add) as $found |
		"\(what) \($found) of \($all) found, \(per($found; $all)) %; " +
		"false a night \((100 * ($s | map(.[what + "_false"]) | add) / length | round) / 100)");
	def states(s): (
		[.[] | s | .confusion | to_entries[] | .key as $k |
			{k: $k, n: ([.value[]] | add), right: (.value[$k] // 0)}] | group_by(.k) |
		map("\(.[0].k) \(per(sum(.right); sum(.n))) %") | join(", "));
	def rate(s): (
		[.[] | s | select(.mae != null)] as $s |
		if ($s | length) == 0 then "not read" else
		"error \((100 * ($s | map(.mae) | add / length) | round) / 100) /min, " +
		"read in \(per($s | map(.coverage) | add; $s | length)) % of quiet lying" end);
	"nights \(length)",
	"bed: occupancy right in \(per(sum(.bed.occupancy_accuracy); length)) %",
	"bed: " + events(.bed; "exits"),
	"bed: " + events(.bed; "shifts"),
	"chair: " + events(.seat; "exits"),
	"chair: " + events(.seat; "feeds"),
	"chair: " + events(.seat; "bad_postures"),
	"chair: good feeds without a finding \(sum(.seat.good_feeds_silent)) of \(sum(.seat.good_feeds))",
	"posture: " + states(.posture),
	"seat: " + states(.seat_state),
	"breathing: " + rate(.breathing),
	"heart: " + rate(.heart),
	(map(.sleep_estimated) | sum(.asleep_min) as $asleep | sum(.awake_min) as $awake |
		sum(.asleep_found_min) as $slept | sum(.awake_found_min) as $woke |
		"sleep (estimated): agreement \(per($slept + $woke; $asleep + $awake)) %, " +
		"sensitivity for sleep \(per($slept; $asleep)) % of \($asleep) min, " +
		"specificity for wake \(per($woke; $awake)) % of \($awake) min, " +
		"unknown \(sum(.unknown_min)) min")
' "$folder/scores"
