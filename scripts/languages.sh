#!/bin/sh
# languages.sh FILE.po...: the translations as C tables, for src/base/language.c. msgcat brings each
# file into one form, a line for each string; the plural rule is C already. Header fields of ours:
# X-Code (BCP 47), X-Name (the language in itself), X-Decimal-Mark, X-Sentence-Gap (yes, no: a blank
# between two sentences).
set -eu
export LC_ALL=C
for file in "$@"; do
	name=$(basename "$file" .po)
	msgcat --no-wrap --no-location --sort-output "$file" | awk -v name="$name" '
	function text_of(line) {
		sub(/^[^"]*"/, "", line)
		sub(/"$/, "", line)
		return line
	}
	function field(key,    part) {
		if (!match(header, key ": [^\\\\]*"))
			return ""
		part = substr(header, RSTART, RLENGTH)
		sub(key ": ", "", part)
		return part
	}
	function flush() {
		if (id == "" && form[0] != "")
			header = form[0]
		else if (id != "" && form[0] != "" && !fuzzy) {
			key = context == "" ? id : context "\\004\" \"" id
			rows = rows "\t{\"" key "\", {\"" form[0] "\""
			for (i = 1; i < 3; i++)
				if (form[i] != "")
					rows = rows ", \"" form[i] "\""
			rows = rows "}},\n"
		}
		id = context = ""
		form[0] = form[1] = form[2] = ""
		fuzzy = 0
	}
	/^#~/ { next }
	/^#,.*fuzzy/ { fuzzy = 1 }
	/^msgctxt / { context = text_of($0); at = "context" }
	/^msgid / { id = text_of($0); at = "id" }
	/^msgid_plural / { at = "plural" }
	/^msgstr / { form[0] = text_of($0); at = 0 }
	/^msgstr\[/ { at = substr($0, 8, 1) + 0; form[at] = text_of($0) }
	/^"/ { if (at == "id") id = id text_of($0); else if (at ~ /^[0-9]$/) form[at] = form[at] text_of($0) }
	/^$/ { flush() }
	END {
		flush()
		plural = field("Plural-Forms")
		sub(/^.*plural=/, "", plural)
		sub(/;.*$/, "", plural)
		printf "static unsigned form_%s(unsigned long n)\n{\n\t(void)n;\n\treturn (unsigned)(%s);\n}\n", name, plural
		printf "static const struct translation translations_%s[] = {\n%s};\n", name, rows
		printf "#define LANGUAGE_%s {\"%s\", \"%s\", \"%s\", ", name, name, field("X-Code"), field("X-Name")
		printf "\047%s\047, %s, form_%s, ", field("X-Decimal-Mark"), field("X-Sentence-Gap") == "no" ? "false" : "true", name
		printf "translations_%s, sizeof(translations_%s) / sizeof(translations_%s[0])}\n", name, name, name
	}'
done
echo "static const struct language languages[] = {"
for file in "$@"; do
	echo "	LANGUAGE_$(basename "$file" .po),"
done
echo "};"
