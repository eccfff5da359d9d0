#include "night_fixture.h"

#include "base/clock.h"
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct surface bed_mat = {.name = "bed",
    .kind = SURFACE_BED,
    .rows = 64,
    .cols = 32,
    .n_cells = 2048,
    .pitch_mm = 30.0f,
    .full_scale_counts = 4095.0f,
    .rate_hz = 10.0f};
static const struct surface chair_mat = {.name = "chair",
    .kind = SURFACE_SEAT,
    .rows = 16,
    .cols = 16,
    .n_cells = 256,
    .pitch_mm = 27.0f,
    .full_scale_counts = 4095.0f,
    .rate_hz = 10.0f};

void fixture_begin(struct night_fixture *f, const char *path, int32_t day)
{
	struct error err = {0};
	char name[32];

	*f = (struct night_fixture){.day = day, .valley_ratio = 0.3f, .load = 5000.0f, .mat = ""};
	memset(f->bed, '.', sizeof(f->bed));
	memset(f->chair, '.', sizeof(f->chair));
	if (store_open(&f->store, path, STORE_OWN, &err) != 0)
		fail_msg("%s", err.text);
	snprintf(name, sizeof(name), "sim:%d", (int)day);
	assert_int_equal(store_begin_session(f->store, name, "test", 0, NULL), 0);
	f->bed_id = store_add_surface(f->store, &bed_mat, NULL);
	f->chair_id = store_add_surface(f->store, &chair_mat, NULL);
}

void fixture_bed(struct night_fixture *f, int from, int to, char letter)
{
	memset(f->bed + from, letter, (size_t)(to - from));
}

void fixture_chair(struct night_fixture *f, int from, int to, char letter)
{
	memset(f->chair + from, letter, (size_t)(to - from));
}

int64_t fixture_real_ns(const struct night_fixture *f, int minute)
{
	int64_t noon_s = ((int64_t)f->day - 1) * 86400 + 12 * 3600 - FIXTURE_OFFSET_S;

	return noon_s * NS_PER_S + minute * NS_PER_MIN;
}

void fixture_anchor(struct night_fixture *f, int minute, bool synchronised)
{
	assert_int_equal(store_anchor(f->store, minute * NS_PER_MIN, fixture_real_ns(f, minute),
	                     FIXTURE_OFFSET_S, synchronised, NULL),
	    0);
}

/* Fills what both mats share; false: no row at all. */
static bool begin_minute(struct epoch *e, char letter, int minute)
{
	epoch_clear(e, minute * NS_PER_MIN);
	if (letter == ' ')
		return false;
	if (letter == 't') {
		e->technical_s = 60.0f;
		return true;
	}
	e->observed_s = 60.0f;
	e->health_ratio = 1.0f;
	if (letter == '.')
		e->empty_s = 60.0f;
	else if (letter == 'o')
		e->object_s = 60.0f;
	else if (letter == '?')
		e->unknown_s = 60.0f;
	else
		e->person_s = 60.0f;
	return true;
}

static void write_bed(struct night_fixture *f, int minute)
{
	static const char letters[] = "?slrpe.";
	struct epoch e;
	char letter = f->bed[minute];
	const char *found = strchr(letters, letter);

	if (!begin_minute(&e, letter, minute))
		return;
	if (found && letter != '?')
		e.posture_s[found - letters] = 60.0f;
	if (e.person_s > 0.0f) {
		e.shifts = f->shift[minute];
		e.moving_s = e.shifts ? 14.0f : (float)((minute * 7) % 5) * 0.6f;
		e.activity = 0.1f * e.moving_s;
		e.load = f->load;
		e.centre_x_ratio = e.centre_y_ratio = 0.5f;
	}
	if (letter == 's' && !e.shifts) {
		e.valley_ratio = f->valley_ratio + 0.01f * (float)(minute % 3 - 1);
		e.quiet_supine_s = 60.0f;
	}
	if (strchr("slrp", letter) && e.moving_s < 2.0f)
		e.breathing_per_min = 14.5f + 1.5f * sinf((float)minute / 17.0f);
	assert_int_equal(store_epoch(f->store, f->bed_id, &e, NULL), 0);
}

static void write_chair(struct night_fixture *f, int minute)
{
	static const char letters[] = "?.ufhLR";
	struct epoch e;
	char letter = f->chair[minute];
	const char *found = strchr(letters, letter);

	if (!begin_minute(&e, letter, minute))
		return;
	if (found)
		e.seat_s[found - letters] = 60.0f;
	if (e.person_s > 0.0f) {
		e.sideways_ratio = letter == 'L' ? -0.27f : letter == 'R' ? 0.27f : 0.02f;
		e.sideways_peak_ratio = 1.1f * e.sideways_ratio;
		e.forward_ratio = letter == 'f' ? 0.14f : 0.01f;
	}
	assert_int_equal(store_epoch(f->store, f->chair_id, &e, NULL), 0);
}

static void lay_mats(struct night_fixture *f, int minute)
{
	struct calibration bed = {.unit = f->calibrated_ns ? PRESSURE_MMHG : PRESSURE_RELATIVE,
	    .made_real_ns = f->calibrated_ns};
	const struct calibration chair = {.unit = PRESSURE_RELATIVE};

	snprintf(bed.mat, sizeof(bed.mat), "%s", f->mat);
	assert_int_equal(store_mat(f->store, f->bed_id, minute * NS_PER_MIN, &bed, NULL), 0);
	assert_int_equal(store_mat(f->store, f->chair_id, minute * NS_PER_MIN, &chair, NULL), 0);
}

void fixture_write(struct night_fixture *f, int from, int to)
{
	lay_mats(f, from);
	for (int minute = from; minute < to; minute++) {
		write_bed(f, minute);
		write_chair(f, minute);
		store_tick(f->store, (minute + 1) * NS_PER_MIN, NULL);
	}
	assert_int_equal(store_commit(f->store, NULL), 0);
}

void fixture_end(struct night_fixture *f)
{
	assert_int_equal(store_close(f->store, NULL), 0);
}

/* ---- the designed nights ------------------------------------------------------------------ */

/* A soft bump of height mmHg, at x, y and of the widths sx, sy, all in cells. */
static void bump(
    float *cells, const struct surface *mat, float x, float y, float sx, float sy, float height)
{
	for (size_t row = 0; row < mat->rows; row++)
		for (size_t col = 0; col < mat->cols; col++) {
			float dx = ((float)col - x) / sx, dy = ((float)row - y) / sy;
			cells[row * mat->cols + col] += height * expf(-0.5f * (dx * dx + dy * dy));
		}
}

static void draw_lying(float *cells, char letter)
{
	bool side = letter == 'l' || letter == 'r';
	float x = letter == 'l' ? 14.0f : 16.5f, width = side ? 0.6f : 1.0f;

	memset(cells, 0, bed_mat.n_cells * sizeof(*cells));
	bump(cells, &bed_mat, x, 5, 2.2f, 2, 30);
	bump(cells, &bed_mat, x, 18, 5 * width, 4, side ? 34 : 26);
	bump(cells, &bed_mat, x, 26, 4.5f * width, 4, 12);
	bump(cells, &bed_mat, x, 35, 5.2f * width, 4, side ? 46 : 38);
	bump(cells, &bed_mat, x - 3 * width, 46, 1.6f, 5, 14);
	bump(cells, &bed_mat, x + 3 * width, 47, 1.6f, 5, 13);
	bump(cells, &bed_mat, x - 3.5f, 59, 1.1f, 1.4f, 28);
	bump(cells, &bed_mat, x + 3.5f, 59, 1.1f, 1.4f, 26);
}

static void draw_sitting(float *cells, char letter)
{
	float lean = letter == 'L' ? 0.6f : 1.0f;

	memset(cells, 0, chair_mat.n_cells * sizeof(*cells));
	bump(cells, &chair_mat, 5, 11, 1.8f, 1.8f, 60);
	bump(cells, &chair_mat, 10.5f, 11, 1.8f, 1.8f, 60 * lean);
	bump(cells, &chair_mat, 5, 5, 1.9f, 4, 22);
	bump(cells, &chair_mat, 10.5f, 5, 1.9f, 4, 22 * lean);
}

static void centre_of(const float *cells, const struct surface *mat, struct observation *o)
{
	float sum = 0.0f, x = 0.0f, y = 0.0f;

	for (size_t i = 0; i < mat->n_cells; i++) {
		size_t row = i / mat->cols, col = i % mat->cols;
		sum += cells[i];
		x += cells[i] * ((float)col + 0.5f);
		y += cells[i] * ((float)row + 0.5f);
	}
	o->load = sum;
	o->centre_x_ratio = x / sum / (float)mat->cols;
	o->centre_y_ratio = y / sum / (float)mat->rows;
}

static void add_keyframe(struct night_fixture *f, int minute, const char *reason, bool on_chair)
{
	float cells[2048];
	const struct surface *mat = on_chair ? &chair_mat : &bed_mat;
	struct image image = {.surface = mat,
	    .mono_ns = minute * NS_PER_MIN,
	    .unit = PRESSURE_MMHG,
	    .health_ratio = 1.0f,
	    .cells = cells};
	struct observation o;

	observation_clear(&o);
	if (on_chair) {
		draw_sitting(cells, f->chair[minute]);
		o.seat = f->chair[minute] == 'L' ? SEAT_LEAN_LEFT : SEAT_UPRIGHT;
	} else {
		draw_lying(cells, f->bed[minute]);
		o.posture = f->bed[minute] == 's'   ? POSTURE_SUPINE
		            : f->bed[minute] == 'l' ? POSTURE_LEFT
		                                    : POSTURE_RIGHT;
	}
	centre_of(cells, mat, &o);
	store_keyframe(f->store, on_chair ? f->chair_id : f->bed_id, reason, &image, &o, NULL);
}

static void lie(struct night_fixture *f, int from, int to, const char *postures)
{
	int n = (int)strlen(postures);

	for (int minute = from; minute < to; minute++) {
		int i = (minute - from) * n / (to - from);
		f->bed[minute] = postures[i];
		f->shift[minute] = minute > from && f->bed[minute - 1] != postures[i];
	}
}

static void plan_night(struct night_fixture *f, int variant)
{
	int late = variant * 7 % 20;

	lie(f, AT(14, 0), AT(14, 50) + late, "l");
	lie(f, AT(22, 40) - late, AT(0, 48), "sls");
	lie(f, AT(1, 24), AT(3, 8), "rs");
	lie(f, AT(3, 52), AT(6, 0), "slr");
	lie(f, AT(6, 32), AT(7, 40) + late, "sl");
	fixture_bed(f, AT(22, 36) - late, AT(22, 40) - late, 'e');
	fixture_bed(f, AT(3, 8), AT(3, 9), 'e');
	fixture_chair(f, AT(17, 55), AT(18, 35), 'u');
	fixture_chair(f, AT(0, 50), AT(1, 22), 'u');
	fixture_chair(f, AT(3, 10), AT(3, 49), variant ? 'u' : 'L');
	fixture_chair(f, AT(3, 10), AT(3, 20), 'u');
	fixture_chair(f, AT(3, 41), AT(3, 49), 'f');
	fixture_chair(f, AT(6, 2), AT(6, 29), 'u');
}

static void add_event(struct night_fixture *f, int surface, struct event event)
{
	phrase_say(event.phrase.text, NULL, event.detail, sizeof(event.detail));
	assert_int_equal(store_event(f->store, surface, &event, NULL), 0);
}

static void add_findings(struct night_fixture *f)
{
	struct phrase lean = {0}, soft = {0}, missing = {0};

	phrase_sentence(&lean, "Sat in the chair{when}: leaning to the left for {lean} of {length} "
	                       "(sideways load {load} beyond your upright).");
	phrase_span(&lean, "when", "03:10", "03:49");
	phrase_duration(&lean, "lean", 21 * 60);
	phrase_duration(&lean, "length", 39 * 60);
	phrase_number(&lean, "load", 0.27, 2);
	phrase_sentence(&soft,
	    "The waist was filled more than on your first nights: valley {valley} against "
	    "{reference} in {quiet} quiet on the back, a softness index of {index}.");
	phrase_number(&soft, "valley", 0.45, 2);
	phrase_text(&soft, "reference", "<0.20 & 0.21>"); /* signs of markup */
	phrase_duration(&soft, "quiet", 3 * 3600 + 27 * 60);
	phrase_number(&soft, "index", 1.9, 1);
	phrase_sentence(&missing, "{surface}: {what}");
	phrase_text(&missing, "surface", "bed");
	phrase_word(&missing, "what", technical_advice(TECHNICAL_NO_DATA));
	add_event(f, f->chair_id,
	    (struct event){.rule = "sideways_lean",
	        .advice_id = "holding.weight_off_back",
	        .level = EVENT_ADVICE,
	        .start_ns = AT(3, 21) * NS_PER_MIN,
	        .end_ns = AT(3, 41) * NS_PER_MIN,
	        .value = 0.27f,
	        .limit = 0.15f,
	        .unit = "ratio",
	        .coverage_ratio = 1.0f,
	        .confidence = 0.9f,
	        .frame_ns = AT(3, 30) * NS_PER_MIN,
	        .phrase = lean});
	add_event(f, 0,
	    (struct event){.rule = "soft_support",
	        .advice_id = "mattress.firm",
	        .level = EVENT_ADVICE,
	        .value = 1.9f,
	        .limit = 1.0f,
	        .unit = "index",
	        .coverage_ratio = 0.97f,
	        .confidence = 0.8f,
	        .day = f->day,
	        .phrase = soft});
	add_event(f, f->bed_id,
	    (struct event){.rule = "acquire",
	        .advice_id = "",
	        .level = EVENT_TECHNICAL,
	        .start_ns = AT(4, 30) * NS_PER_MIN,
	        .end_ns = AT(4, 42) * NS_PER_MIN,
	        .value = NAN,
	        .limit = NAN,
	        .unit = "",
	        .coverage_ratio = 0.0f,
	        .confidence = 1.0f,
	        .phrase = missing});
}

static void write_designed(const char *path, int32_t day, int variant)
{
	struct night_fixture f;
	struct calibration calibration = {.unit = PRESSURE_MMHG,
	    .made_real_ns = (day - 40) * 86400LL * NS_PER_S,
	    .quality_ratio = 0.93f,
	    .note = "8 points"};

	fixture_begin(&f, path, day);
	f.valley_ratio = 0.45f - 0.01f * (float)variant;
	fixture_anchor(&f, 0, true);
	store_calibration(f.store, f.bed_id, &calibration, 0.01f, 90 * 86400.0, NULL);
	store_calibration(f.store, f.chair_id, &calibration, 0.01f, 90 * 86400.0, NULL);
	plan_night(&f, variant);
	if (variant == 0)
		fixture_bed(&f, AT(4, 30), AT(4, 42), 't');
	fixture_write(&f, 0, NIGHT_MINUTES);
	store_pain(f.store, day, 4 + variant % 3, fixture_real_ns(&f, AT(8, 0)), NULL);
	if (variant == 0) {
		add_keyframe(&f, AT(23, 30), "hourly", false);
		add_keyframe(&f, AT(2, 30), "hourly", false);
		add_keyframe(&f, AT(5, 30), "hourly", false);
		add_keyframe(&f, AT(1, 0), "hourly", true);
		add_keyframe(&f, AT(3, 30), "event", true);
		add_findings(&f);
	}
	fixture_end(&f);
}

void fixture_designed_nights(const char *path, int32_t day)
{
	for (int variant = 6; variant >= 0; variant--)
		write_designed(path, day - variant, variant);
}

char *fixture_designed_path(void)
{
	char *path = scratch_path("designed.db");

	if (access(path, F_OK) != 0)
		fixture_designed_nights(path, FIXTURE_DAY);
	return path;
}
