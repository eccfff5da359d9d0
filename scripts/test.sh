#!/bin/sh
# test.sh BUILD PROGRAM...: runs each test program, as many at a time as there are processors, quietly
# when it passes, and counts cases. What failed is named once more at the end.
set -u
build=$1
shift
logs=${TEST_LOGS:-$build/tests/logs}
rm -rf "$logs"
mkdir -p "$logs"

# One program: its output and its exit status, in files named after it.
printf '%s\n' "$@" | LUMBAR_BUILD=$build LOGS=$logs xargs -P "$(nproc)" -I '{}' sh -c '
	log=$LOGS/$(echo "$1" | tr / _)
	timeout -k 5 "${TEST_LIMIT_S:-120}" "$1" >"$log" 2>&1
	echo $? >"$log.status"' test.sh '{}'

passed=0
failed=0
skipped=0
culprits=
for program in "$@"; do
	log=$logs/$(echo "$program" | tr / _)
	status=$(cat "$log.status" 2>/dev/null || echo 127)
	p=$(grep -ac '^\[       OK \]' "$log")
	f=$(grep -a '^\[  FAILED  \] [^0-9]' "$log" | grep -av 'test(s), listed below' | sort -u | wc -l)
	s=$(grep -ac '^\[  SKIPPED \] [^0-9]' "$log")
	[ "$status" -ne 124 ] || echo "${program##*/}: stopped after its time limit" >>"$log"
	[ "$status" -ne 0 ] && [ "$f" -eq 0 ] && f=1
	[ "$p" -eq 0 ] && [ "$s" -eq 0 ] && [ "$f" -eq 0 ] && f=1
	if [ "$f" -gt 0 ]; then
		cat "$log"
		culprits="$culprits
${program#"$build"/}: $(grep -ahE '^\[  FAILED  \] [^0-9]|^\[   LINE   \]|SUMMARY:|its time limit' "$log" |
			sort -u | tr '\n' ' ')exit status $status"
	fi
	printf '%-44s %3d passed %3d failed %3d skipped\n' "${program#"$build"/}" "$p" "$f" "$s"
	passed=$((passed + p))
	failed=$((failed + f))
	skipped=$((skipped + s))
done
[ -z "$culprits" ] || echo "What failed:$culprits"
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
