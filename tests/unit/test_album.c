/* Key frames that findings name: one that is named again and again stays known. */
#include "base/clock.h"
#include "pipeline/album.h"
#include "support.h"

/* A restless day in bed: a finding is brought up to date every five minutes, a shift comes in each. */
static void what_is_asked_for_stays(void **state)
{
	(void)state;
	struct album album;
	const int64_t asked_ns = NS_PER_H, kept_ns = NS_PER_H + NS_PER_S;

	assert_int_equal(album_init(&album, 4), 0);
	album_note(&album, asked_ns, kept_ns);
	for (int i = 1; i <= 3 * ALBUM_KEPT; i++) {
		int64_t shift_ns = asked_ns + i * 5 * NS_PER_MIN;
		album_note(&album, shift_ns, shift_ns);
		assert_true(album_noted(&album, shift_ns) == shift_ns);
		assert_true(album_noted(&album, asked_ns) == kept_ns);
	}
	/* The shifts of long ago are forgotten: there is room for so many. */
	assert_true(album_noted(&album, asked_ns + 5 * NS_PER_MIN) == 0);
	assert_true(album_noted(&album, 7) == 0);
	album_finish(&album);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_asked_for_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
