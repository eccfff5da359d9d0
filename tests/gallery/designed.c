#include "designed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- homes ---------------------------------------------------------------------------------- */

static const struct surface bed_mat = {.name = "bed",
    .kind = SURFACE_BED,
    .rows = 64,
    .cols = 32,
    .n_cells = 2048,
    .pitch_mm = 27.0f,
    .full_scale_counts = 4095,
    .rate_hz = 1};
static const struct surface chair_mat = {.name = "chair",
    .kind = SURFACE_SEAT,
    .rows = 16,
    .cols = 16,
    .n_cells = 256,
    .pitch_mm = 25.0f,
    .full_scale_counts = 4095,
    .rate_hz = 1};
static const struct cell_place legs[] = {{-420, 900, REGION_LEG}, {420, 900, REGION_LEG},
    {-420, -900, REGION_LEG}, {420, -900, REGION_LEG}};
static const struct cell_place cushions[] = {{-90, 60, REGION_SEAT}, {90, 60, REGION_SEAT},
    {-90, -90, REGION_SEAT}, {90, -90, REGION_SEAT}, {0, 150, REGION_BACK}};
static const struct cell_place strips[] = {{0, 350, REGION_BED}, {0, -100, REGION_BED}};

static void home_bed(struct home *home)
{
	*home = (struct home){.bed = bed_mat,
	    .chair = chair_mat,
	    .has_bed = true,
	    .calibrated = true,
	    .calibrated_day = DESIGNED_DAY - 40,
	    .stiffness_kpa_per_m = 75,
	    .seed = 11};
}

static void home_both(struct home *home)
{
	home_bed(home);
	home->has_chair = true;
}

static void home_soft(struct home *home)
{
	home_bed(home);
	home->stiffness_kpa_per_m = 28;
}

static void home_uncalibrated(struct home *home)
{
	home_both(home);
	home->calibrated = false;
}

static void home_load_cells(struct home *home)
{
	home_both(home);
	home->calibrated = false;
	home->bed.rows = home->bed.cols = 0;
	home->bed.n_cells = sizeof(legs) / sizeof(legs[0]);
	home->bed.places = legs;
	home->chair.rows = home->chair.cols = 0;
	home->chair.n_cells = sizeof(cushions) / sizeof(cushions[0]);
	home->chair.places = cushions;
}

static void home_switches(struct home *home)
{
	home_bed(home);
	home->calibrated = false;
	home->bed.rows = home->bed.cols = 0;
	home->bed.n_cells = sizeof(strips) / sizeof(strips[0]);
	home->bed.places = strips;
	home->bed.full_scale_counts = 1;
}

/* ---- nights --------------------------------------------------------------------------------- */

/* To bed, up once, and up in the morning: a little otherwise each night. */
static void plan_usual(struct night_plan *plan, int before)
{
	int late = before * 7 % 23;

	plan_bed(plan, AT(22, 38) + late, AT(22, 41) + late, 'e');
	plan_lie(plan, AT(22, 41) + late, AT(2, 52) - late, "slsrsl");
	plan_lie(plan, AT(2, 58), AT(6, 40) + late, "rslsr");
	plan_bed(plan, AT(2, 52) - late, AT(2, 54), '.');
	plan->valley_ratio = 0.36f + 0.01f * (float)(before % 3 - 1);
	plan->pain = 2 + before % 2;
}

static void plan_quiet(struct night_plan *plan, int before)
{
	plan_usual(plan, before);
	plan->pain = 1 + before % 2;
}

/* A stay in the chair, and out of bed for it. */
static void feed(struct night_plan *plan, int from, int length, const char *letters)
{
	plan_bed(plan, from - 2, from - 1, 'e');
	plan_bed(plan, from - 1, from + length + 2, '.');
	for (int i = 0; i < length; i++)
		plan->chair[from + i] = letters[(size_t)i * strlen(letters) / (size_t)length];
}

static void plan_one_feed(struct night_plan *plan, int before)
{
	plan_usual(plan, before);
	feed(plan, AT(2, 50), 22 + before % 5, "u");
}

static void plan_six_feeds(struct night_plan *plan, int before)
{
	static const int starts[] = {
	    AT(19, 40), AT(22, 5), AT(0, 20), AT(2, 15), AT(4, 10), AT(5, 50)};
	static const int lengths[] = {24, 19, 27, 34, 22, 18};

	plan_lie(plan, AT(20, 20), AT(21, 50), "sl");
	plan_lie(plan, AT(22, 34), AT(0, 10), "sl");
	plan_lie(plan, AT(0, 55), AT(2, 8), "rs");
	plan_lie(plan, AT(2, 56), AT(4, 4), "ls");
	plan_lie(plan, AT(4, 38), AT(5, 44), "sr");
	plan_lie(plan, AT(6, 14), AT(7, 50), "lsr");
	for (int i = 0; i < 6; i++)
		feed(plan, starts[i] + before * (i + 3) % 5, lengths[i] + before % 3,
		    i == 3 ? "uuuhu" : "u");
	plan->pain = 3;
}

/* The first nights on the old bed; from the fourth on in the guest room. */
static void plan_too_soft(struct night_plan *plan, int before)
{
	plan_usual(plan, before);
	plan->valley_ratio = before >= 5 ? 0.35f : 0.53f + 0.01f * (float)(before % 2);
	plan->pain = before >= 5 ? 2 : 4;
	plan->note = before == 5 ? "guest room, old sofa bed" : NULL;
}

static void plan_prone(struct night_plan *plan, int before)
{
	plan_usual(plan, before);
	if (before == 0)
		plan_lie(plan, AT(4, 0), AT(5, 45), "p");
}

static void plan_lie_in(struct night_plan *plan, int before)
{
	plan_usual(plan, before);
	if (before > 0)
		return;
	plan_lie(plan, AT(13, 5), AT(16, 10), "sl");
	plan_lie(plan, AT(20, 30), AT(22, 41), "rs");
	plan_lie(plan, AT(6, 0), AT(7, 50), "sl");
	plan_lie(plan, AT(7, 58), AT(11, 30), "rsl");
	plan->pain = 5;
}

static void plan_restless(struct night_plan *plan, int before)
{
	plan_usual(plan, before);
	if (before > 0)
		return;
	plan_lie(plan, AT(22, 41), AT(2, 52), "slrslsrlsrslr");
	plan_lie(plan, AT(2, 58), AT(6, 40), "srlsrlslrsl");
	plan_awake(plan, AT(22, 41), AT(23, 35));
	plan_awake(plan, AT(1, 10), AT(1, 50));
	plan_awake(plan, AT(3, 0), AT(4, 20));
	plan_awake(plan, AT(5, 5), AT(5, 30));
	plan_bed(plan, AT(0, 30), AT(0, 36), '.');
	plan_bed(plan, AT(4, 20), AT(4, 29), '.');
	plan->pain = 7;
}

static void plan_half_missing(struct night_plan *plan, int before)
{
	plan_one_feed(plan, before);
	if (before == 0)
		plan_gap(plan, AT(1, 40), AT(11, 0));
}

/*
 * The power fails in the evening. The machine starts again three hours behind, without a network
 * until three in the morning; and what it saw after another failure at ten is dated by nothing.
 */
static void plan_clock(struct night_plan *plan, int before)
{
	plan_usual(plan, before);
	if (before > 0)
		return;
	plan_gap(plan, AT(20, 0), AT(20, 12));
	plan->n_runs = 3;
	plan->runs[0] = (struct run){.from = 0, .to = AT(20, 0), .known_at = 0};
	plan->runs[1] = (struct run){.from = AT(20, 12),
	    .to = AT(10, 0),
	    .known_at = AT(3, 10),
	    .has_clock = true,
	    .error_s = -3 * 3600};
	plan->runs[2] = (struct run){.from = AT(10, 4), .to = NIGHT_MINUTES, .known_at = -1};
}

/* Leaning to the left, bent over the child, a long feed, and the bed. */
static void plan_two_surfaces(struct night_plan *plan, int before)
{
	plan_one_feed(plan, before);
	if (before > 0)
		return;
	feed(plan, AT(17, 30), 51, "uuuuLLLLuuu");
	feed(plan, AT(23, 58), 26, "uuffffu");
	feed(plan, AT(2, 50), 38, "uLLLLLLu");
	feed(plan, AT(5, 20), 17, "u");
	for (int i = 0; i < 12; i++)
		plan->bends[AT(17, 33) + 3 * i] = 1;
	plan->pain = 4;
}

static void plan_uncalibrated(struct night_plan *plan, int before)
{
	plan_one_feed(plan, before);
	if (before > 0)
		return;
	plan_lie(plan, AT(23, 0), AT(2, 48), "sl");
	feed(plan, AT(5, 10), 21, "uuh");
}

static void plan_first(struct night_plan *plan, int before)
{
	plan_one_feed(plan, before);
	plan->pain = -1;
}

/* A firmer topper after two weeks: the waist is filled less, and the pain goes down. */
static void plan_thirty(struct night_plan *plan, int before)
{
	bool firmer = before < 15;

	if (before % 4 == 1)
		plan_six_feeds(plan, before);
	else
		plan_one_feed(plan, before);
	plan->valley_ratio = (firmer ? 0.33f : 0.47f) + 0.012f * (float)(before * 5 % 7 - 3);
	plan->pain = (firmer ? 2 : 5) + before * 3 % 3 - 1;
	if (before % 11 == 6)
		plan->pain = -1;
	if (before == 15)
		plan->note = "firmer topper";
	if (before == 7)
		plan->note = "nursing pillow";
	if (before == 0)
		feed(plan, AT(5, 20), 31, "uuLLu");
}

/* Another mat for the last two nights, on which the waist reads otherwise: no first nights yet. */
static void plan_new_mat(struct night_plan *plan, int before)
{
	plan_one_feed(plan, before);
	plan->mat = before > 1 ? "PMD-2 0417" : "PMD-2 0533";
	if (before <= 1)
		plan->valley_ratio = 0.55f;
}

/* Who lies there is lighter by a third for the last two nights, and nobody said anything. */
static void plan_somebody_else(struct night_plan *plan, int before)
{
	plan_usual(plan, before);
	plan->load_ratio = before > 1 ? 1.0f + 0.02f * (float)(before % 3 - 1) : 0.67f;
	if (before <= 1)
		plan->pain = -1;
}

static void plan_load_cells(struct night_plan *plan, int before)
{
	plan_one_feed(plan, before);
	if (before == 0)
		feed(plan, AT(5, 20), 31, "uuRRRu");
}

const struct designed designed[] = {
    {"quiet", "A quiet night", 8, false, home_bed, plan_quiet},
    {"six-feeds", "Six feeds", 8, false, home_both, plan_six_feeds},
    {"too-soft", "A mattress that is too soft", 8, false, home_soft, plan_too_soft},
    {"prone", "On the front", 4, false, home_bed, plan_prone},
    {"lie-in", "In bed all day", 4, false, home_bed, plan_lie_in},
    {"restless", "A restless night", 8, false, home_bed, plan_restless},
    {"half-missing", "Half of it missing", 4, false, home_both, plan_half_missing},
    {"clock", "The clock lost and found", 3, false, home_bed, plan_clock},
    {"two-surfaces", "Bed and chair", 8, false, home_both, plan_two_surfaces},
    {"uncalibrated", "Not calibrated", 3, false, home_uncalibrated, plan_uncalibrated},
    {"first", "The first night", 1, false, home_both, plan_first},
    {"thirty", "Thirty nights", 30, true, home_both, plan_thirty},
    {"new-mat", "The mat was replaced", 8, false, home_both, plan_new_mat},
    {"somebody-else", "Another person?", 8, false, home_bed, plan_somebody_else},
    {"load-cells", "A bed on load cells", 4, false, home_load_cells, plan_load_cells},
    {"switches", "Switches under the mattress", 4, false, home_switches, plan_quiet},
};
const size_t n_designed = sizeof(designed) / sizeof(designed[0]);

int designed_play(const struct designed *what, const char *path, struct error *err)
{
	struct night_plan *plan = malloc(sizeof(*plan));
	struct home home;

	if (!plan)
		return error_set(err, -ENOMEM, "out of memory");
	what->home(&home);
	struct player *player = player_create(path, &home, err);
	int rc = player ? 0 : -EINVAL;
	for (int before = what->n_nights - 1; rc == 0 && before >= 0; before--) {
		plan_clear(plan, DESIGNED_DAY - before);
		what->plan(plan, before);
		rc = player_night(player, plan, err);
	}
	if (rc == 0)
		rc = player_destroy(player, err);
	else
		player_destroy(player, NULL);
	free(plan);
	return rc;
}
