#!/bin/sh
# compile-commands.sh FILE.c...: prints compile_commands.json; COMPILE is the compiler's command.
set -eu
escape() {
	printf '%s' "$1" | sed 's/[\\"]/\\&/g'
}
folder=$(escape "$(pwd)")
command=$(escape "$COMPILE")
comma=
echo "["
for file in "$@"; do
	printf '%s{"directory": "%s", "file": "%s", "command": "%s -c %s"}' \
		"$comma" "$folder" "$file" "$command" "$file"
	comma=',
'
done
printf '\n]\n'
