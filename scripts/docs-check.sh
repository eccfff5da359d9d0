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

# Relative links of Markdown files.
for file in $(git ls-files '*.md'); do
	for link in $(sed -n 's/.*](\([^)#]*\)[^)]*).*/\1/p' "$file" | grep -v '^[a-z]*:'); do
		[ -e "$(dirname "$file")/$link" ] || say "$file links to $link, which is not there"
	done
done
exit $bad
