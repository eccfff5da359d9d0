#!/bin/sh
# eval.sh BUILD DATA: compares what is read with the labelled recordings of a data folder.
set -u
lumbar=$1/lumbar
data=$2
[ -d "$data" ] || {
	echo "eval.sh: \"$data\" is no folder; say DATA=FOLDER (see docs/methods.md, \"Data\")" >&2
	exit 2
}
bad=0

# eval WHAT MANIFEST [OPTIONS]
compare() {
	what=$1
	manifest=$data/$2
	shift 2
	[ -f "$manifest" ] || {
		echo "== $what: skipped, there is no ${manifest#"$data"/}"
		return
	}
	echo "== $what: ${manifest#"$data"/} $*"
	"$lumbar" eval "$what" "$manifest" "$@" || bad=1
}

compare posture pmd/exp1.csv --leave-one-subject-out
compare posture pmd/exp2.csv
compare support popu/over.csv
compare support popu/under.csv
compare vitals fsr-under-mattress/manifest.csv
compare seat wheelchair-seat/manifest.csv
exit $bad
