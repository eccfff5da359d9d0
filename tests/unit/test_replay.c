/* The replay driver: geometry, clocks and pace of recordings and of frames text. */
#include "drivers/driver.h"
#include "recording/recording.h"
#include "support.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

struct player {
	struct options options;
	struct surface surface;
	struct device device;
	float counts[6];
	struct frame frame;
};

static void set(struct player *player, const char *key, const char *value)
{
	assert_int_equal(
	    options_set(&player->options, key, value, &(struct place){.key = key}, NULL), 0);
}

static void init(struct player *player, const char *file, const char *speed)
{
	*player = (struct player){.surface = {.name = "bed"}};
	options_init(&player->options, driver_find("replay")->options);
	set(player, "file", file);
	set(player, "speed", speed);
}

static int open_player(struct player *player, struct error *err)
{
	const struct driver *driver = driver_find("replay");
	int result = driver->describe(&player->options, &player->surface, err);

	player->device = (struct device){.driver = driver,
	    .surface = &player->surface,
	    .options = &player->options,
	    .state = calloc(1, driver->state_size)};
	player->frame.counts = player->counts;
	return result < 0 ? result : driver->open(&player->device, err);
}

static void close_player(struct player *player)
{
	player->device.driver->close(&player->device);
	free(player->device.state);
}

static int play(struct player *player)
{
	return player->device.driver->read(
	    &player->device, clock_mono_ns() + 2 * NS_PER_S, &player->frame);
}

/* Two surfaces, "bed" 3 x 2 at 10 Hz and "chair" 1 x 2 at 5 Hz, three seconds of them. */
static char *make_recording(void)
{
	const struct surface bed = {.name = "bed",
	    .rows = 3,
	    .cols = 2,
	    .n_cells = 6,
	    .pitch_mm = 30,
	    .flip = FLIP_COLS,
	    .full_scale_counts = 500,
	    .rate_hz = 10};
	const struct surface chair = {.name = "chair",
	    .kind = SURFACE_SEAT,
	    .rows = 1,
	    .cols = 2,
	    .n_cells = 2,
	    .pitch_mm = 40,
	    .full_scale_counts = 255,
	    .rate_hz = 5};
	char *path = scratch_path("night.lmb");
	struct recording_writer *writer = NULL;
	float counts[6] = {0};

	assert_int_equal(recording_create(&writer, path, true, NULL, NULL), 0);
	recording_add_surface(writer, &bed, NULL);
	recording_add_surface(writer, &chair, NULL);
	for (int k = 0; k < 30; k++) {
		struct frame frame = {.mono_ns = 77 * NS_PER_S + k * 100 * NS_PER_MS,
		    .real_ns = 1790000000 * NS_PER_S + k * 100 * NS_PER_MS,
		    .utc_offset_s = 3600,
		    .flags = FRAME_CLOCK_SYNCED,
		    .n_cells = 6,
		    .counts = counts};
		counts[0] = (float)k;
		counts[5] = k == 7 ? NAN : 5;
		assert_int_equal(recording_write(writer, 0, &frame, NULL), 0);
		frame.n_cells = 2;
		if (k % 2 == 0)
			assert_int_equal(recording_write(writer, 1, &frame, NULL), 0);
	}
	assert_int_equal(recording_close_writer(writer, NULL), 0);
	return path;
}

static void test_as_fast_as_it_goes_keeps_the_recordings_time(void **state)
{
	char *path = make_recording();
	struct player player;

	(void)state;
	init(&player, path, "0");
	set(&player, "surface", "bed");
	assert_int_equal(open_player(&player, NULL), 0);
	assert_true(player.surface.rows == 3 && player.surface.cols == 2);
	assert_true(player.surface.flip == FLIP_COLS && player.surface.rate_hz == 10);
	assert_true(player.surface.full_scale_counts == 500 && player.surface.pitch_mm == 30);
	int64_t begun_ns = clock_mono_ns();
	for (int k = 0; k < 30; k++) {
		int result = play(&player);
		if (k == 7) { /* one cell is not a number */
			assert_int_equal(result, -ERANGE);
			continue;
		}
		assert_int_equal(result, 0);
		assert_true(player.counts[0] == (float)k && player.counts[5] == 5);
		assert_true(player.frame.mono_ns == 77 * NS_PER_S + k * 100 * NS_PER_MS);
		assert_true(player.frame.real_ns == 1790000000 * NS_PER_S + k * 100 * NS_PER_MS);
		assert_int_equal(player.frame.utc_offset_s, 3600);
		assert_int_equal(player.frame.flags, FRAME_CLOCK_SYNCED);
	}
	assert_int_equal(play(&player), -ENODATA);
	assert_true(clock_mono_ns() - begun_ns < 500 * NS_PER_MS);
	assert_int_equal(player.device.stats.content_errors, 1);
	close_player(&player);
	free(path);
}

static void test_at_its_own_speed_frames_are_live(void **state)
{
	char *path = make_recording();
	struct player player;

	(void)state;
	init(&player, path, "2"); /* twice as fast: 5 frames a second become 10 */
	set(&player, "surface", "1");
	assert_int_equal(open_player(&player, NULL), 0);
	assert_int_equal(player.surface.kind, SURFACE_SEAT);
	assert_int_equal(player.surface.n_cells, 2);
	int64_t begun_ns = clock_mono_ns();
	for (int k = 0; k < 5; k++) {
		assert_int_equal(play(&player), 0);
		int64_t now_ns = clock_mono_ns();
		assert_true(llabs(player.frame.mono_ns - now_ns) < 300 * NS_PER_MS);
		assert_true(llabs(now_ns - begun_ns - k * 100 * NS_PER_MS) < 300 * NS_PER_MS);
		assert_true(player.frame.real_ns ==
		            1790000000 * NS_PER_S + k * 200 * NS_PER_MS); /* the recording's */
	}
	close_player(&player);
	free(path);
}

static void test_a_loop_goes_on_in_time(void **state)
{
	char *path = make_recording();
	struct player player;
	int64_t last_ns = 0;

	(void)state;
	init(&player, path, "0");
	set(&player, "surface", "chair");
	set(&player, "loop", "yes");
	assert_int_equal(open_player(&player, NULL), 0);
	for (int k = 0; k < 50; k++) { /* three times through */
		assert_int_equal(play(&player), 0);
		assert_true(player.counts[0] == (float)(k % 15 * 2));
		assert_int_equal(player.frame.sequence, k);
		if (k > 0)
			assert_true(player.frame.mono_ns == last_ns + 200 * NS_PER_MS);
		last_ns = player.frame.mono_ns;
	}
	close_player(&player);
	free(path);
}

static void test_text_is_given_geometry_and_rate(void **state)
{
	char *path = scratch_file("frames.txt", "1 2 3 4 5 6\nglitch\n7 8 9 10 11 12\n"
	                                        "1 2 3 4 5 9999\n900 900 900 900 900 900\n");
	static const int expected[] = {0, -EBADMSG, 0, -ERANGE, -ERANGE, -ENODATA};
	static const int64_t at_ms[] = {0, 0, 500};
	struct player player;

	(void)state;
	init(&player, path, "0");
	set(&player, "rows", "2");
	set(&player, "cols", "3");
	set(&player, "rate", "4 hz");
	set(&player, "full_scale", "100");
	assert_int_equal(open_player(&player, NULL), 0);
	assert_true(player.surface.n_cells == 6 && player.surface.rate_hz == 4);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(play(&player), expected[i]);
		if (expected[i] == 0) /* a bad line keeps its place in time */
			assert_true(player.frame.mono_ns == NS_PER_H + at_ms[i] * NS_PER_MS);
	}
	assert_int_equal(player.device.stats.integrity_errors, 1);
	assert_int_equal(player.device.stats.content_errors, 2);
	assert_true(player.frame.real_ns == 0);
	close_player(&player);
	free(path);
}

static void test_what_cannot_be_played_is_said(void **state)
{
	static const struct {
		const char *key, *value, *words;
		int code;
	} cases[] = {
	    {"surface", "sofa", "2 surfaces, the first is \"bed\"", -EINVAL},
	    {"surface", "2", "2 surfaces", -EINVAL},
	    {"surface", "", "2 surfaces", -EINVAL},
	    {"file", "/nowhere/night.lmb", "/nowhere/night.lmb: cannot be read", -ENOENT},
	};
	char *path = make_recording();
	char *text = scratch_file("bare.txt", "1 2 3\n");
	struct player player;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = {0};
		init(&player, path, "0");
		set(&player, cases[i].key, cases[i].value);
		assert_int_equal(open_player(&player, &err), cases[i].code);
		assert_non_null(strstr(err.text, cases[i].words));
		close_player(&player);
	}
	struct error err = {0};
	init(&player, text, "0");
	assert_int_equal(open_player(&player, &err), -EINVAL);
	assert_non_null(strstr(err.text, "give rows and cols"));
	close_player(&player);
	free(path);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_as_fast_as_it_goes_keeps_the_recordings_time),
	    cmocka_unit_test(test_at_its_own_speed_frames_are_live),
	    cmocka_unit_test(test_a_loop_goes_on_in_time),
	    cmocka_unit_test(test_text_is_given_geometry_and_rate),
	    cmocka_unit_test(test_what_cannot_be_played_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
