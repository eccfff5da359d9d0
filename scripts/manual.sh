#!/bin/sh
# manual.sh BUILD: writes the drivers' and the rules' settings into docs/man/lumbard.conf.5, between
# its two marks, as the programs themselves list them.
set -eu
cd "$(dirname "$0")/.."
lumbar=$1/lumbar
page=docs/man/lumbard.conf.5

# In a manual page a line that opens with a dot or a quote is a command.
plain='function plain(s) { gsub(/\\/, "\\e", s); return (s ~ /^[.\047]/ ? "\\&" : "") s }'

drivers() {
	echo '.Sh DRIVERS'
	for name in $("$lumbar" drivers | sed -n 's/^\([a-z0-9_]*\): .*/\1/p'); do
		"$lumbar" drivers "$name" | awk "$plain"'
			NR == 1 { printf ".Ss %s\n.Bl -tag -width Ds\n", $0; next }
			/^  [a-z]/ { printf ".It Cm %s\n", $1; next }
			{
				sub(/^ +/, "")
				printf "%s%s\n", plain($0), ++n % 2 ? ";" : "."
			}
			END { print ".El" }'
	done
}

rules() {
	echo '.Sh RULES'
	"$lumbar" detectors | awk "$plain"'
		function close_list() { if (open) print ".El"; open = 0 }
		/^[a-z]/ {
			close_list()
			rule = $1; advice = $2; $1 = $2 = ""; sub(/^ +/, "")
			printf ".Ss %s\n%s.\nStands for the advice\n.Cm %s .\n", rule, plain($0), advice
			next
		}
		{
			if (!open) print ".Bl -tag -width Ds"
			open = 1
			split($0, part, /  +/)
			printf ".It Cm %s\n%s; default %s.\n", part[2], plain(part[4]), part[3]
		}
		END { close_list() }'
}

made=$(mktemp)
trap 'rm -f "$made"' EXIT
{ drivers && rules; } >"$made"
awk -v made="$made" '
	/^\.\\" From here to END/ { print; while ((getline line < made) > 0) print line; skip = 1; next }
	/^\.\\" END/ { skip = 0 }
	!skip' "$page" >"$page.tmp"
mv "$page.tmp" "$page"
