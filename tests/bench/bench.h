/* What benchmarks share: time, peak memory, and a count of our own allocations. */
#ifndef LUMBAR_TESTS_BENCH_H
#define LUMBAR_TESTS_BENCH_H

#include <stddef.h>
#include <stdint.h>

/* CPU time of this thread: other programs on the machine do not count. */
int64_t bench_now_ns(void);

/* Peak resident memory of this process, in MB. */
double bench_peak_mb(void);

/*
 * malloc, calloc and realloc calls so far, of the project's objects only: the linker's --wrap
 * sees undefined references of what it links, not those inside shared libraries.
 */
size_t bench_allocations(void);

/* "  name ........ 1234 ns" */
void bench_print_stage(const char *name, int64_t total_ns, size_t n);

#endif
