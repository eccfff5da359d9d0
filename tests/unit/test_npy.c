/* Arrays of NumPy: the header byte by byte, the values, and what NumPy itself reads. */
#include "recording/npy.h"
#include "support.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* The whole file; the caller frees. */
static unsigned char *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	unsigned char *bytes = calloc(1, 4096);

	assert_non_null(file);
	*size = fread(bytes, 1, 4096, file);
	fclose(file);
	return bytes;
}

static char *fresh(const char *name)
{
	char *path = scratch_path(name);

	unlink(path);
	return path;
}

static void assert_header(const unsigned char *bytes, const char *dictionary)
{
	static const unsigned char opening[] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
	size_t length = bytes[8] | (size_t)bytes[9] << 8, n = strlen(dictionary);

	assert_memory_equal(bytes, opening, sizeof(opening));
	assert_int_equal((10 + length) % 64, 0);
	assert_int_equal(10 + length, NPY_HEADER_SIZE);
	assert_memory_equal(bytes + 10, dictionary, n);
	for (size_t i = 10 + n; i < 9 + length; i++)
		assert_int_equal(bytes[i], ' ');
	assert_int_equal(bytes[9 + length], '\n');
}

static void test_whole_counts_of_a_grid(void **state)
{
	static const float frames[2][6] = {{0, 1, 255, 256, 65535, 7}, {6, 5, 4, 3, 2, 513}};
	static const unsigned char last[] = {6, 0, 5, 0, 4, 0, 3, 0, 2, 0, 1, 2};
	char *path = fresh("u2.npy");
	struct npy *npy = NULL;
	struct error err = {0};
	size_t size;

	(void)state;
	assert_int_equal(npy_create(&npy, path, NPY_U16, 2, 3, &err), 0);
	assert_int_equal(npy_add_counts(npy, frames[0]), 0);
	assert_int_equal(npy_add_counts(npy, frames[1]), 0);
	assert_int_equal(npy_close(npy, &err), 0);
	unsigned char *bytes = read_file(path, &size);
	assert_int_equal(size, NPY_HEADER_SIZE + 2 * 6 * 2);
	assert_header(bytes, "{'descr': '<u2', 'fortran_order': False, 'shape': (2, 2, 3), }");
	assert_memory_equal(bytes + size - sizeof(last), last, sizeof(last));
	assert_int_equal(bytes[NPY_HEADER_SIZE + 6], 0);
	assert_int_equal(bytes[NPY_HEADER_SIZE + 7], 1); /* 256, the low byte first */
	free(bytes);
	/* what is there stays */
	assert_int_equal(npy_create(&npy, path, NPY_U16, 2, 3, &err), -EEXIST);
	assert_non_null(strstr(err.text, "u2.npy"));
	free(path);
}

static void test_floats_of_a_layout_and_times(void **state)
{
	static const float frame[3] = {-1.5f, 0, 3e8f};
	static const unsigned char minus[] = {0, 0, 0xc0, 0xbf};
	static const unsigned char time[] = {0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	char *floats = fresh("f4.npy"), *times = fresh("i8.npy");
	struct npy *npy = NULL;
	size_t size;

	(void)state;
	assert_int_equal(npy_create(&npy, floats, NPY_F32, 3, 0, NULL), 0);
	assert_int_equal(npy_add_counts(npy, frame), 0);
	assert_int_equal(npy_close(npy, NULL), 0);
	unsigned char *bytes = read_file(floats, &size);
	assert_int_equal(size, NPY_HEADER_SIZE + 12);
	assert_header(bytes, "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }");
	assert_memory_equal(bytes + NPY_HEADER_SIZE, minus, sizeof(minus));
	free(bytes);
	assert_int_equal(npy_create(&npy, times, NPY_I64, 0, 0, NULL), 0);
	assert_int_equal(npy_add_integer(npy, -2), 0);
	assert_int_equal(npy_close(npy, NULL), 0);
	bytes = read_file(times, &size);
	assert_int_equal(size, NPY_HEADER_SIZE + 8);
	assert_header(bytes, "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }");
	assert_memory_equal(bytes + NPY_HEADER_SIZE, time, sizeof(time));
	free(bytes);
	assert_int_equal(npy_create(&npy, "/nowhere/x.npy", NPY_I64, 0, 0, NULL), -ENOENT);
	free(floats);
	free(times);
}

static void test_a_full_disk_is_said(void **state)
{
	char *path = fresh("full.npy");
	struct rlimit before, small;
	struct error err = {0};
	struct npy *npy = NULL;
	int result = 0;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	small = (struct rlimit){.rlim_cur = 20000, .rlim_max = before.rlim_max};
	assert_int_equal(npy_create(&npy, path, NPY_I64, 0, 0, NULL), 0);
	setrlimit(RLIMIT_FSIZE, &small);
	for (int i = 0; i < 10000 && result == 0; i++)
		result = npy_add_integer(npy, i);
	int closed = npy_close(npy, &err);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(result, -EIO);
	assert_int_equal(closed, -EFBIG);
	assert_non_null(strstr(err.text, "full.npy: cannot be written: File too large"));
	free(path);
}

/* A recording through `lumbar record --npy`, read by NumPy itself. */
static void test_numpy_reads_them(void **state)
{
	static const char script[] =
	    "import numpy, sys\n"
	    "d = sys.argv[1]\n"
	    "c = numpy.load(d + '/bed.counts.npy', allow_pickle=False)\n"
	    "t = numpy.load(d + '/bed.mono_ns.npy', allow_pickle=False)\n"
	    "r = numpy.load(d + '/bed.real_ns.npy', allow_pickle=False)\n"
	    "print(c.shape, c.dtype.str, c.flags['C_CONTIGUOUS'], int(c[2, 1, 0]), int(c.sum()))\n"
	    "print(t.shape, t.dtype.str, int(t[2] - t[0]), int(r[0]))\n";
	char *text = scratch_file(
	    "in.txt", "1\t2\t3\t4\t5\t6\n7\t8\t9\t10\t11\t12\n0\t0\t0\t300\t0\t0\n");
	char *script_path = scratch_file("read.py", script), *recording = fresh("in.rec");
	char *folder = scratch_path("arrays"), *program = build_path("lumbar"), *command = NULL;
	char output[400] = "";

	(void)state;
	if (system("/usr/bin/python3 -c 'import numpy' 2>/dev/null") != 0) {
		print_message("skipped: python3-numpy is not installed\n");
		skip();
	}
	assert_true(
	    asprintf(&command,
	        "rm -rf %s; %s record --driver replay --set file=%s --set rows=2 --set cols=3 "
	        "--set speed=0 --set rate=10 -o %s 2>/dev/null && %s record --npy %s -o %s && "
	        "/usr/bin/python3 %s %s 2>&1",
	        folder, program, text, recording, program, recording, folder, script_path,
	        folder) > 0);
	FILE *pipe = popen(command, "r");
	assert_non_null(pipe);
	output[fread(output, 1, sizeof(output) - 1, pipe)] = '\0';
	assert_int_equal(pclose(pipe), 0);
	assert_string_equal(output, "(3, 2, 3) <u2 True 300 378\n(3,) <i8 200000000 0\n");
	free(command);
	free(program);
	free(folder);
	free(recording);
	free(script_path);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_whole_counts_of_a_grid),
	    cmocka_unit_test(test_floats_of_a_layout_and_times),
	    cmocka_unit_test(test_a_full_disk_is_said),
	    cmocka_unit_test(test_numpy_reads_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
