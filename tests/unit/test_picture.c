/* Figures as PNG: each name draws, what is not there is refused, and lengths are the night's. */
#include "base/clock.h"
#include "night_fixture.h"
#include "report/night_document.h"
#include "report/period.h"
#include "report/picture.h"
#include "support.h"

#include <cairo.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BED_RGB 0x134875 /* inks.def */

static struct report_night *night_of(const char *path)
{
	struct store *store = NULL;
	struct report_night *night = NULL;
	struct error err = {0};

	if (store_open(&store, path, STORE_READ, &err) != 0 ||
	    report_build(store, FIXTURE_DAY, 0, &night, &err) != 0)
		fail_msg("%s", err.text);
	store_close(store, NULL);
	return night;
}

static cairo_surface_t *drawn(const struct document *document, const char *name)
{
	char *path = scratch_path("figure.png");
	struct error err = {0};
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	if (picture_check(document, name, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(picture_write(document, name, out), 0);
	assert_int_equal(fclose(out), 0);
	cairo_surface_t *surface = cairo_image_surface_create_from_png(path);
	assert_int_equal(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
	free(path);
	return surface;
}

static uint32_t pixel(cairo_surface_t *surface, int x, int y)
{
	const unsigned char *data = cairo_image_surface_get_data(surface);
	int stride = cairo_image_surface_get_stride(surface);
	uint32_t value;

	memcpy(&value, data + (ptrdiff_t)y * stride + (ptrdiff_t)x * 4, sizeof(value));
	return value & 0xffffff;
}

/* Pixels that are not white. */
static size_t inked(cairo_surface_t *surface)
{
	size_t n = 0;

	for (int y = 0; y < cairo_image_surface_get_height(surface); y++)
		for (int x = 0; x < cairo_image_surface_get_width(surface); x++)
			n += pixel(surface, x, y) != 0xffffff;
	return n;
}

static void test_all_names(void **state)
{
	(void)state;
	char *path = fixture_designed_path();
	struct report_night *night = night_of(path);
	struct document *document = night_document(night, NULL);
	size_t n = 0;

	for (; picture_name(n); n++) {
		cairo_surface_t *surface = drawn(document, picture_name(n));

		assert_in_range(cairo_image_surface_get_width(surface), 700, 1200);
		assert_true(inked(surface) > 3000);
		/* A white border all around: nothing is cut off. */
		for (int x = 0; x < cairo_image_surface_get_width(surface); x++) {
			assert_int_equal(pixel(surface, x, 10), 0xffffff);
			assert_int_equal(
			    pixel(surface, x, cairo_image_surface_get_height(surface) - 10),
			    0xffffff);
		}
		cairo_surface_destroy(surface);
	}
	assert_int_equal(n, 1 + 8 + 3 + 1 + 8);
	document_destroy(document);
	report_free(night);
	free(path);
}

/*
 * As many columns of the bed's colour as minutes in bed: 466 of the 1140 that are drawn, from the
 * nap at two to nine in the morning.
 */
static void test_lengths(void **state)
{
	(void)state;
	char *path = fixture_designed_path();
	struct report_night *night = night_of(path);
	struct document *document = night_document(night, NULL);
	cairo_surface_t *surface = drawn(document, "where");
	int width = cairo_image_surface_get_width(surface), columns = 0;

	for (int x = 0; x < width; x++) {
		bool bed = false;
		for (int y = 0; y < cairo_image_surface_get_height(surface) && !bed; y++)
			bed = pixel(surface, x, y) == BED_RGB;
		columns += bed;
	}
	assert_int_equal(night->to - night->from, 1140);
	/* 511 - 74 points at two pixels each; six stretches may each lose a pixel. */
	double expected = 466.0 / 1140.0 * (511.0 - 74.0) * 2.0;
	assert_in_range(columns, (int)expected - 12, (int)expected + 1);
	cairo_surface_destroy(surface);
	document_destroy(document);
	report_free(night);
	free(path);
}

static void test_not_there(void **state)
{
	(void)state;
	char *path = scratch_path("bare.db");
	struct night_fixture f;
	struct error err = {0};

	fixture_begin(&f, path, FIXTURE_DAY);
	fixture_anchor(&f, 0, true);
	fixture_bed(&f, AT(23, 0), AT(6, 0), 's');
	memset(f.chair, ' ', sizeof(f.chair));
	fixture_write(&f, 0, NIGHT_MINUTES);
	fixture_end(&f);
	struct report_night *night = night_of(path);
	struct document *document = night_document(night, NULL);

	assert_int_equal(picture_check(document, "breath", &err), -ENOENT);
	assert_non_null(strstr(err.text, "breathing"));
	assert_int_equal(picture_check(document, "breathing", &err), 0);
	assert_int_equal(picture_check(document, "map-feed", &err), -ENODATA);
	assert_non_null(strstr(err.text, "signal-bed"));
	assert_null(strstr(err.text, "signal-chair")); /* only what there is is offered */
	assert_int_equal(picture_check(document, "signal-chair", &err), -ENODATA);
	assert_int_equal(picture_check(document, "bars", &err), -ENODATA); /* a first night */
	assert_int_equal(picture_write(document, "bars", stdout), -ENODATA);
	document_destroy(document);
	report_free(night);
	free(path);
}

static void test_period(void **state)
{
	(void)state;
	char *path = fixture_designed_path();
	struct store *store = NULL;
	struct report_period *period = NULL;
	struct error err = {0};

	assert_int_equal(store_open(&store, path, STORE_READ, NULL), 0);
	assert_int_equal(period_build(store, FIXTURE_DAY, 28, 0, &period, NULL), 0);
	struct document *document = period_document(period, NULL);
	cairo_surface_t *surface = drawn(document, "lying_h");
	assert_true(inked(surface) > 10000);
	cairo_surface_destroy(surface);
	assert_int_equal(picture_check(document, "strips", &err), -ENODATA);
	document_destroy(document);
	period_free(period);
	store_close(store, NULL);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_all_names),
	    cmocka_unit_test(test_lengths),
	    cmocka_unit_test(test_not_there),
	    cmocka_unit_test(test_period),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
