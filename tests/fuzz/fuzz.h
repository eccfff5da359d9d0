/*
 * What the harnesses share. Each gives the bytes it gets to one reader of files that others make, and
 * must neither crash, nor leak, nor hang, nor take what it must not: run by tests/fuzz/run.
 */
#ifndef LUMBAR_TESTS_FUZZ_H
#define LUMBAR_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer calls it with each input. 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Writes the bytes to a file, always the same; its path. */
const char *fuzz_file(const uint8_t *data, size_t size);

/* A property that was broken: ends the program, so that libFuzzer keeps the input. */
#define FUZZ_ASSERT(condition) ((condition) ? (void)0 : __builtin_trap())

#endif
