#include "recordings.h"

#include "support.h"

#include <errno.h>
#include <sqlite3.h>

#include "base/clock.h"

const struct surface recorded_bed = {
    .name = "bed",
    .kind = SURFACE_BED,
    .rows = 8,
    .cols = 5,
    .n_cells = RECORDED_CELLS,
    .pitch_mm = 25.4f,
    .flip = FLIP_ROWS,
    .full_scale_counts = 4095,
    .rate_hz = 10,
};

/* No two alike: 100 frames of it take 8 kB, two pages of the file. */
static float noise(int k, size_t i)
{
	uint32_t x = (uint32_t)k * 2654435761u ^ (uint32_t)(i + 1) * 2246822519u;

	x = (x ^ x >> 15) * 2654435761u;
	return (float)((x ^ x >> 13) & UINT16_MAX);
}

/* The i-th count of the k-th frame, in one of five kinds of value. */
static float value(int kind, int k, size_t i)
{
	int count = (int)((unsigned)(k * 7919 + (int)i * 104729) % 251u);

	switch (kind) {
	case RECORDED_NOISE:
		return noise(k, i);
	case 0:
		return (float)count;
	case 1:
		return (float)(count * 261);
	case 2:
		return (float)((count - 125) * 8388608);
	default:
		return (float)count / 7 - 3;
	}
}

struct frame recorded_frame(int kind, int k, float *counts)
{
	for (size_t i = 0; i < RECORDED_CELLS; i++)
		counts[i] = value(kind, k, i);
	return (struct frame){
	    .mono_ns = 5000 * NS_PER_S + k * 100 * NS_PER_MS + k % 3,
	    .real_ns = k < 10 ? 0 : 1800000000 * NS_PER_S + k * 100 * NS_PER_MS,
	    .utc_offset_s = -12600,
	    .flags = k < 20 ? 0 : FRAME_CLOCK_SYNCED,
	    .sequence = (uint32_t)k * 2,
	    .n_cells = RECORDED_CELLS,
	    .counts = counts,
	};
}

struct recording_writer *recorded_create(const char *path)
{
	struct recording_writer *writer = NULL;
	struct error err = {0};

	if (recording_create(&writer, path, true, "a test", &err) < 0)
		fail_msg("%s", err.text);
	return writer;
}

/* Frames of one surface; returns the path. */
char *recorded_file(const char *name, int kind, int n_frames)
{
	char *path = scratch_path(name);
	struct recording_writer *writer = recorded_create(path);
	float counts[RECORDED_CELLS];

	assert_int_equal(recording_add_surface(writer, &recorded_bed, NULL), 0);
	for (int k = 0; k < n_frames; k++) {
		struct frame frame = recorded_frame(kind, k, counts);
		assert_int_equal(recording_write(writer, 0, &frame, NULL), 0);
	}
	assert_int_equal(recording_close_writer(writer, NULL), 0);
	return path;
}

struct recording_reader *recorded_open(const char *path)
{
	struct recording_reader *reader = NULL;
	struct error err = {0};

	if (recording_open(&reader, path, &err) < 0)
		fail_msg("%s", err.text);
	return reader;
}

struct recorded_pass recorded_read(struct recording_reader *reader)
{
	struct recorded_pass pass = {0};
	int result;

	while ((result = recording_next(reader, -1, NULL, &pass.frame, &pass.err)) != -ENODATA) {
		pass.n += result == 0;
		pass.n_bad += result < 0;
		assert_true(pass.n + pass.n_bad < 1000000);
	}
	return pass;
}

int recorded_count_whole(struct recording_reader *reader, int kinds)
{
	struct frame frame;
	struct error err = {0};
	float expected[RECORDED_CELLS];
	int n = 0, result;

	while ((result = recording_next(reader, -1, NULL, &frame, &err)) == 0) {
		assert_int_equal(frame.sequence, n * 2);
		recorded_frame(kinds > 0 ? n % kinds : -kinds, n, expected);
		assert_memory_equal(frame.counts, expected, sizeof(expected));
		n++;
	}
	if (result != -ENODATA)
		fail_msg("after %d frames: %s", n, err.text);
	return n;
}

void recorded_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}
