#!/bin/sh
# test.sh BUILD PROGRAM...: runs each test program, quietly when it passes, and counts cases.
# What failed is named once more at the end. TEST_LOG: where a program's output is kept meanwhile.
set -u
build=$1
shift
passed=0
failed=0
skipped=0
culprits=
log=${TEST_LOG:-$build/tests/log}
mkdir -p "${log%/*}"
for program in "$@"; do
	LUMBAR_BUILD=$build timeout -k 5 "${TEST_LIMIT_S:-120}" "$program" >"$log" 2>&1
	status=$?
	p=$(grep -c '^\[       OK \]' "$log")
	f=$(grep '^\[  FAILED  \] [^0-9]' "$log" | grep -v 'test(s), listed below' | sort -u | wc -l)
	s=$(grep -c '^\[  SKIPPED \] [^0-9]' "$log")
	[ $status -ne 124 ] || echo "${program##*/}: stopped after its time limit" >>"$log"
	[ $status -ne 0 ] && [ "$f" -eq 0 ] && f=1
	[ "$p" -eq 0 ] && [ "$s" -eq 0 ] && [ "$f" -eq 0 ] && f=1
	if [ "$f" -gt 0 ]; then
		cat "$log"
		culprits="$culprits
${program#"$build"/}: $(grep -hE '^\[  FAILED  \] [^0-9]|^\[   LINE   \]|SUMMARY:|its time limit' "$log" |
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
