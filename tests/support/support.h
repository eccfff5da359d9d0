/* What tests share: a scratch folder that goes away, files with given text, the data folder. */
#ifndef LUMBAR_TESTS_SUPPORT_H
#define LUMBAR_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A path inside this program's own scratch folder (removed at exit). The caller frees. */
char *scratch_path(const char *name);

/* Writes text to scratch_path(name) and returns the path. The caller frees. */
char *scratch_file(const char *name, const char *text);

/* $DATA/relative when DATA is set and the file is there, else NULL: then skip(). Caller frees. */
char *data_path(const char *relative);

/* $LUMBAR_BUILD/name: the programs under test. The caller frees. */
char *build_path(const char *name);

/* The repository's root, from which tests are run. */
char *source_path(const char *relative);

/* Fails unless value is expected, give or take the tolerance; NAN is near nothing. */
void assert_near(double value, double expected, double tolerance);

#endif
