/* Recordings that were damaged: what stands beside the damage is read, and the loss is said. */
#include "recordings.h"
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"

static void test_a_file_cut_in_the_middle_is_read_as_far_as_it_goes(void **state)
{
	char *path = recorded_file("cut.lmb", 3, 9000);
	struct error err = {0};
	struct stat whole;
	struct frame frame;
	float expected[RECORDED_CELLS];
	int n = 0, n_bad = 0, result;

	(void)state;
	assert_int_equal(stat(path, &whole), 0);
	assert_int_equal(truncate(path, whole.st_size / 2), 0);
	struct recording_reader *reader = recorded_open(path);
	while ((result = recording_next(reader, -1, NULL, &frame, &err)) != -ENODATA) {
		n += result == 0;
		n_bad += result == -EBADMSG;
		assert_int_equal(n + n_bad > 9000, 0);
		if (result < 0)
			continue;
		recorded_frame(3, (int)frame.sequence / 2, expected);
		assert_memory_equal(frame.counts, expected, sizeof(expected));
	}
	assert_true(n_bad >= 1);
	assert_non_null(strstr(err.text, "surface bed"));
	if (n < 3600 || n >= 4700)
		fail_msg("%d frames of 9000 in half the file", n);
	assert_int_equal(recording_ending(reader), RECORDING_CLOSED);
	assert_int_equal(recording_n_written(reader, 0), 9000);
	recording_close_reader(reader);
	free(path);
}

/* Writes bytes over those that stand at an offset. */
static void spoil(const char *path, off_t offset, size_t n)
{
	char junk[32768];
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	memset(junk, 0xa5, sizeof(junk));
	assert_int_equal(pwrite(fd, junk, n, offset), n);
	close(fd);
}

/* Bytes lost at the end, or spoilt there: what stands before them is read, and the loss is said. */
static void test_a_spoilt_end_costs_the_last_seconds_only(void **state)
{
	(void)state;
	for (int round = 0; round < 24; round++) {
		char *path = recorded_file("tail.lmb", RECORDED_NOISE, 6000); /* 10 minutes */
		struct stat whole;
		off_t spoilt = 1 + round * 700;
		assert_int_equal(stat(path, &whole), 0);
		if (round % 2 == 0)
			assert_int_equal(truncate(path, whole.st_size - spoilt), 0);
		else
			spoil(path, whole.st_size - spoilt, (size_t)spoilt);
		struct recording_reader *reader = recorded_open(path);
		struct recorded_pass pass = recorded_read(reader);
		int lost = 6000 - pass.n, may_lose = 101 * (int)(3 + spoilt / 8192);
		if (lost < 0 || lost > may_lose || (lost > 0) != (pass.n_bad > 0))
			fail_msg("%d frames lost of %ld bytes, said %d times: %s", lost,
			    (long)spoilt, pass.n_bad, pass.err.text);
		assert_int_equal(recording_n_written(reader, 0), 6000);
		recording_close_reader(reader);
		free(path);
	}
}

/* One bad page in the middle hides the chunks that stand on it, and no others. */
static void test_a_bad_page_in_the_middle_is_passed_over(void **state)
{
	int lost_anywhere = 0;

	(void)state;
	for (off_t page = 20; page < 60; page++) {
		char *path = recorded_file("page.lmb", RECORDED_NOISE, 6000);
		spoil(path, page * 4096, 4096);
		struct recording_reader *reader = recorded_open(path);
		struct recorded_pass pass = recorded_read(reader);
		if (pass.n < 5000)
			fail_msg(
			    "page %ld: %d frames of 6000: %s", (long)page, pass.n, pass.err.text);
		assert_int_equal(pass.frame.sequence, 2 * 5999); /* it goes on to the end */
		lost_anywhere += pass.n < 6000;
		recording_close_reader(reader);
		free(path);
	}
	assert_true(lost_anywhere >= 36);
}

static void test_a_damaged_chunk_is_left_out(void **state)
{
	static const char *const damages[] = {
	    "UPDATE chunk SET data = substr(data, 1, 20) || x'00' || substr(data, 22) WHERE id = 2",
	    "UPDATE chunk SET data = substr(data, 1, 40) WHERE id = 2",
	    "UPDATE chunk SET data = x'' WHERE id = 2",
	    "UPDATE chunk SET data = 'text' WHERE id = 2",
	    "UPDATE chunk SET n_frames = 99 WHERE id = 2",
	    "UPDATE chunk SET n_frames = -1 WHERE id = 2",
	    "UPDATE chunk SET n_frames = 1000000000000 WHERE id = 2",
	    "UPDATE chunk SET encoding = 'u16' WHERE id = 2",
	    "UPDATE chunk SET encoding = 'u64' WHERE id = 2",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		char *path = recorded_file("damaged.lmb", 0, 300);
		recorded_sql(path, damages[i]);
		struct recording_reader *reader = recorded_open(path);
		struct recorded_pass pass = recorded_read(reader);
		assert_int_equal(pass.n, 200);
		assert_int_equal(pass.n_bad, 1);
		assert_int_equal(pass.err.code, -EBADMSG);
		assert_non_null(strstr(pass.err.text, "10.0 s after the start"));
		recording_close_reader(reader);
		free(path);
	}
}

/* Whatever stands in a file: no crash, no hang, and what is read has the geometry it says. */
static void test_random_damage(void **state)
{
	struct random random;
	struct stat whole = {0};

	(void)state;
	random_init(&random, 11);
	for (int round = 0; round < 150; round++) {
		char *path = recorded_file("random.lmb", round % 4, 210);
		struct recording_reader *reader = NULL;
		struct frame frame;
		float sum = 0;
		int fd = open(path, O_RDWR | O_CLOEXEC), n = 0, result;
		assert_true(fd >= 0 && fstat(fd, &whole) == 0);
		for (int k = 0; k < 1 + round % 30; k++) {
			uint8_t byte = (uint8_t)random_between(&random, 0, 256);
			off_t at = (off_t)random_between(&random, 0, (double)whole.st_size);
			assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		}
		close(fd);
		if (recording_open(&reader, path, NULL) == 0)
			while (
			    (result = recording_next(reader, -1, NULL, &frame, NULL)) != -ENODATA) {
				assert_true(n++ < 1000);
				if (result == 0)
					sum += frame.counts[frame.n_cells - 1];
			}
		(void)sum;
		recording_close_reader(reader);
		free(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_file_cut_in_the_middle_is_read_as_far_as_it_goes),
	    cmocka_unit_test(test_a_spoilt_end_costs_the_last_seconds_only),
	    cmocka_unit_test(test_a_bad_page_in_the_middle_is_passed_over),
	    cmocka_unit_test(test_a_damaged_chunk_is_left_out),
	    cmocka_unit_test(test_random_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
