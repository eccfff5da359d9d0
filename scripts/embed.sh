#!/bin/sh
# embed.sh FILE: FILE as the bytes of a C array, a 0 at the end. Use it as
#	static const char schema[] = {
#	#include "store/schema.sql.inc"
#	};
set -eu
od -An -v -tx1 "$1" | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'
echo 0x00
