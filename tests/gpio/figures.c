/*
 * What is measured in the kernel under test, by the real clock: what a line costs, how many samples
 * of load cells are read and how many are thrown away since a pulse was late, how long an edge takes
 * to its reader. Nothing is judged here: the figures are those of this machine, however busy it is.
 */
#include "support.h"
#include "tests/gpio/support/emulated.h"

#include "base/clock.h"
#include "drivers/lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { N_CALLS = 20000, N_EDGES = 200, EDGE_MS = 10, CELLS_S = 5, MATRIX_S = 5 };

static int64_t cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static struct lines *open_lines(const struct lines_request *request)
{
	struct lines *lines;
	struct error err = {0};

	if (lines_open(&lines, request, &err) < 0)
		fail_msg("%s", err.text);
	return lines;
}

static void measure_calls(void **state)
{
	struct lines *out = open_lines(&(struct lines_request){
	    .chip = "emulated-strip", .names = "0 1 2 3 4 5 6 7", .output = true});
	int64_t begun_ns = clock_mono_ns();
	uint64_t values;

	(void)state;
	for (int i = 0; i < N_CALLS; i++)
		assert_int_equal(lines_set(out, (uint64_t)i & 255), 0);
	int64_t set_ns = clock_mono_ns() - begun_ns;
	begun_ns = clock_mono_ns();
	for (int i = 0; i < N_CALLS; i++)
		assert_int_equal(lines_get(out, &values), 0);
	int64_t get_ns = clock_mono_ns() - begun_ns;
	lines_close(out);
	printf("figure: 8 lines at once: set %.1f us, get %.1f us\n",
	    (double)set_ns / N_CALLS / 1e3, (double)get_ns / N_CALLS / 1e3);
}

static void measure_cells(void **state)
{
	static const char *const rates[] = {"10", "80"};
	static const int loads[] = {0x123456, -1, 0x2aaaaa, -0x555555};

	(void)state;
	emulated_set_all("hx711_load", loads, 4);
	for (size_t i = 0; i < 2; i++) {
		struct reader reader;
		emulated_set("hx711_rate_hz", "%s", rates[i]);
		emulated_restart("hx711");
		reader_open_good(&reader, "hx711",
		    SETTINGS({"chip", "emulated-hx711"}, {"data", "1 2 3 4"}, {"clock", "0"},
		        {"rate", rates[i]}));
		int64_t begun_ns = clock_mono_ns(), cpu_begun_ns = cpu_ns();
		while (clock_mono_ns() - begun_ns < CELLS_S * NS_PER_S)
			if (reader_read(&reader, 1000) == 0) /* late or not, no frame is wrong */
				for (int cell = 0; cell < 4; cell++)
					assert_true(reader.frame.counts[cell] ==
					            (float)(8388608 + loads[cell]));
		double share = (double)(cpu_ns() - cpu_begun_ns) /
		               (double)(clock_mono_ns() - begun_ns);
		printf(
		    "figure: 4 HX711 at %s Hz for %d s: %llu frames, %llu samples thrown away as "
		    "late, %lld missed; longest pulse %lld us; %.1f %% of a CPU\n",
		    rates[i], CELLS_S, (unsigned long long)reader.device.stats.frames,
		    (unsigned long long)reader.device.stats.late_samples,
		    (long long)emulated_get("hx711_missed"),
		    (long long)emulated_get("hx711_longest_high_us"), 100 * share);
		reader_close(&reader);
	}
}

/* One way to the converter, for MATRIX_S seconds. */
static void measure_way(const char *name, const char *key, const char *value)
{
	struct reader reader;
	double busy_s = 0;
	int n = 0;

	reader_open_good(&reader, "matrix",
	    SETTINGS({"chip", "emulated-matrix"}, {"rows", "16"}, {"row_lines", "0 1 2 3"},
	        {"cols", "16"}, {"col_lines", "4 5 6 7"}, {key, value}, {"rate", "100"}));
	int64_t begun_ns = clock_mono_ns(), cpu_begun_ns = cpu_ns();
	while (clock_mono_ns() - begun_ns < MATRIX_S * NS_PER_S) {
		if (reader_read(&reader, 1000) < 0)
			continue;
		busy_s += reader.device.stats.last_read_s;
		n++;
	}
	double took_s = (double)(clock_mono_ns() - begun_ns) / 1e9;
	double cpu_s = (double)(cpu_ns() - cpu_begun_ns) / 1e9;
	printf("figure: 16 x 16 matrix on %s: %.1f frames a second, %.0f ms each, %.0f %% of a "
	       "CPU; %.1f settings and %.1f readings of lines a cell; %llu conversions done anew, "
	       "%llu frames lost\n",
	    name, n / took_s, n ? 1e3 * busy_s / n : 0.0, 100 * cpu_s / took_s,
	    (double)emulated_get("matrix_sets") / (double)emulated_get("matrix_conversions"),
	    (double)emulated_get("matrix_gets") / (double)emulated_get("matrix_conversions"),
	    (unsigned long long)reader.device.stats.late_samples,
	    (unsigned long long)reader.device.stats.integrity_errors);
	reader_close(&reader);
}

static void measure_matrix(void **state)
{
	(void)state;
	measure_way("lines", "spi_lines", "9 10 11 8");
	emulated_set("matrix_spidev", "1");
	measure_way("the kernel's SPI", "spi", "/dev/spidev0.0");
	emulated_set("matrix_spidev", "0");
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void measure_edges(void **state)
{
	struct lines *in = open_lines(&(struct lines_request){
	    .chip = "emulated-strip", .names = "0", .active_low = true, .events = true});
	int64_t latency_ns[N_EDGES] = {0};
	char play[4096] = "";
	size_t length = 0;
	int n = 0;

	(void)state;
	for (int i = 0; i < N_EDGES; i++)
		length += (size_t)snprintf(
		    play + length, sizeof(play) - length, "%d 0=%d ", EDGE_MS * 1000, i & 1);
	emulated_set("strip_play", "%s", play);
	while (n < N_EDGES) {
		struct lines_event event;
		if (lines_wait(in, clock_mono_ns() + NS_PER_S, &event) < 0)
			break;
		latency_ns[n++] = clock_mono_ns() - event.mono_ns;
	}
	lines_close(in);
	assert_true(n > 0);
	qsort(latency_ns, (size_t)n, sizeof(latency_ns[0]), by_size);
	printf("figure: %d edges, %d seen; from the kernel's stamp to the reader: median %.0f us, "
	       "95 %% within %.0f us, longest %.0f us\n",
	    N_EDGES, n, (double)latency_ns[n / 2] / 1e3, (double)latency_ns[n * 95 / 100] / 1e3,
	    (double)latency_ns[n - 1] / 1e3);
}

static int set_up(void **state)
{
	(void)state;
	emulated_restart("hx711");
	emulated_restart("strip");
	emulated_restart("matrix");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(measure_calls, set_up),
	    cmocka_unit_test_setup(measure_cells, set_up),
	    cmocka_unit_test_setup(measure_matrix, set_up),
	    cmocka_unit_test_setup(measure_edges, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
