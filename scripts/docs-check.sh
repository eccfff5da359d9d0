#!/bin/sh
# docs-check.sh BUILD: the manual pages are sound, name every command and list every setting;
# links between documents lead somewhere. Silent when all is well.
set -u
cd "$(dirname "$0")/.."
bad=0

say() {
	echo "$1"
	bad=1
}

# A page must name each word of a list: mention PAGE WORD...
mention() {
	page=$1
	shift
	for word in "$@"; do
		grep -qF -e "$word" "$page" || say "$page does not mention $word"
	done
}

mandoc -T lint -W warning docs/man/*.[158] || bad=1

mention docs/man/lumbar.1 $(sed -n 's/^COMMAND(\([a-z]*\),.*/\1/p' src/app/commands.def)
cp docs/man/lumbard.conf.5 "$1/lumbard.conf.5"
scripts/manual.sh "$1"
cmp -s docs/man/lumbard.conf.5 "$1/lumbard.conf.5" ||
	say 'docs/man/lumbard.conf.5 is behind the programs: make manual, and commit what it changes'
cp "$1/lumbard.conf.5" docs/man/lumbard.conf.5

# Files that documents show: the block after a line <!-- file: NAME --> is NAME, and configurations
# among them must be good, with the files that they name.
shown=$(mktemp -d)
trap 'rm -rf "$shown"' EXIT
awk -v to="$shown" '
	/^<!-- file: / { name = $3; next }
	name && /^```/ && open { close(to "/" name); name = ""; open = 0; next }
	name && /^```/ { open = 1; next }
	open { print > (to "/" name) }
	name && !open && NF { print FILENAME ": no block follows the name " name; name = "" }
' docs/*.md | grep . && bad=1
grep -ch '^<!-- file: .*\.conf -->' docs/*.md | awk '{ n += $1 } END { exit n == 0 }' ||
	say 'docs/*.md show no configuration any more'
for name in $(sed -n 's/^<!-- file: \(.*\) -->$/\1/p' docs/*.md); do
	[ -s "$shown/$name" ] || say "docs/*.md name $name and do not show it"
done
for file in "$shown"/*.conf docs/examples/lumbard.conf; do
	said=$("$1/lumbar" check "$file" 2>&1) || say "$said"
done

# Relative links of Markdown files.
for file in $(git ls-files '*.md'); do
	for link in $(sed -n 's/.*](\([^)#]*\)[^)]*).*/\1/p' "$file" | grep -v '^[a-z]*:'); do
		[ -e "$(dirname "$file")/$link" ] || say "$file links to $link, which is not there"
	done
done
exit $bad
