/*
 * For clang-tidy only: what it cannot see across files. The functions of base/error.h return the
 * code that they are given, and that is negative; without knowing it, every caller of a function
 * that says `return error_set(...)` seems to use results that were never made.
 */
#include "base/error.h"

static inline int lint_code(int given, int code)
{
	(void)given;
	if (code >= 0)
		__builtin_unreachable();
	return code;
}

#define error_set(err, code, ...)       lint_code((error_set)(err, code, __VA_ARGS__), code)
#define error_at(err, code, where, ...) lint_code((error_at)(err, code, where, __VA_ARGS__), code)
