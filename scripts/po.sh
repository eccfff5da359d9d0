#!/bin/sh
# po.sh update|check: the texts that people read. update brings them from the sources into
# po/*.po; check is silent when every language has every one of them, translated and not fuzzy.
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

extract() {
	xgettext --language=C --from-code=UTF-8 --no-location --sort-output --omit-header \
		--keyword --keyword=N_ --keyword=tr:2 --keyword=tr_in:2c,3 --keyword=tr_n:2,3 --keyword=phrase_sentence_n:2,3 \
		--flag=N_:1:no-c-format --flag=phrase_sentence_n:2:no-c-format \
		--flag=phrase_sentence_n:3:no-c-format \
		--add-comments=xgettext: --output="$scratch/texts.pot" \
		$(find src -name '*.c' -o -name '*.def' | sort)
	# The columns of advice that are read by people.
	for column in 2 4 5; do
		xgettext --language=C --from-code=UTF-8 --no-location --sort-output --omit-header \
			--keyword --keyword=ADVICE:$column --flag=ADVICE:$column:no-c-format \
			--join-existing \
			--output="$scratch/texts.pot" src/guidance/guidance.def
	done
}

check() {
	file=$1
	msgfmt --check --output-file=/dev/null "$file"
	# What a fresh update would leave to do.
	msgmerge --quiet --no-fuzzy-matching --no-location "$file" "$scratch/texts.pot" \
		>"$scratch/merged.po"
	missing=$(msgattrib --untranslated --no-wrap --no-obsolete "$scratch/merged.po" |
		grep -c '^msgid ' || true)
	[ "$missing" -le 1 ] || { # one is the header
		echo "$file: $((missing - 1)) texts are not translated: make po, then fill them in:"
		msgattrib --untranslated --no-wrap "$scratch/merged.po" | grep '^msgid ".' | head -5
		return 1
	}
	if msgattrib --only-fuzzy "$file" | grep -q '^msgid "."'; then
		echo "$file: has fuzzy texts: look at each and take the mark away"
		return 1
	fi
}

extract
bad=0
for file in po/*.po; do
	case $1 in
	update)
		msgmerge --quiet --no-fuzzy-matching --no-location --no-wrap --sort-output "$file" \
			"$scratch/texts.pot" >"$scratch/merged.po"
		msgattrib --no-obsolete --no-wrap "$scratch/merged.po" >"$file"
		;;
	check) check "$file" || bad=1 ;;
	*)
		echo "po.sh: update or check" >&2
		exit 2
		;;
	esac
done
exit $bad
