#include "app/simulate.h"
#include "base/clock.h"
#include "recording/recording.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEFAULT_RATE_HZ 5.0
#define FIRST_FRAME_NS  NS_PER_MIN /* mono 0 would be no time at all */
#define N_SURFACES_MAX  2
#define PROGRESS_WIDTH  40

static const char notes[] = "simulated by lumbar simulate";

struct writing {
	const struct simulate *simulate;
	struct surface surfaces[N_SURFACES_MAX];
	size_t n_surfaces;
	struct sim_world *world;
	struct recording_writer *recording;
	char *truth_path;
	FILE *truth;
	float *counts;
	double rate_hz, length_s;
};

static void choose_surfaces(struct writing *writing)
{
	const struct simulate *simulate = writing->simulate;
	struct surface *surface = writing->surfaces;

	writing->rate_hz = simulate->rate_hz > 0 ? simulate->rate_hz : DEFAULT_RATE_HZ;
	if (simulate->bed) {
		strcpy(surface->name, "bed");
		sim_surface(
		    surface++, SURFACE_BED, simulate->rows, simulate->cols, writing->rate_hz);
	}
	if (simulate->chair) {
		bool alone = !simulate->bed;
		strcpy(surface->name, "chair");
		sim_surface(surface++, SURFACE_SEAT, alone ? simulate->rows : 0,
		    alone ? simulate->cols : 0, writing->rate_hz);
	}
	writing->n_surfaces = (size_t)(surface - writing->surfaces);
}

static int open_truth(struct writing *writing, struct error *err)
{
	if (asprintf(&writing->truth_path, "%s.truth.csv", writing->simulate->output) < 0) {
		writing->truth_path = NULL;
		return error_set(err, -ENOMEM, "out of memory");
	}
	writing->truth = fopen(writing->truth_path, "w");
	if (!writing->truth) {
		struct place where = {.file = writing->truth_path};
		return error_at(err, -errno, &where, "cannot be written: %s", strerror(errno));
	}
	fputs("t_s,surface,occupied,posture,seat,breathing_per_min,heart_per_min,moving,happens\n",
	    writing->truth);
	return 0;
}

/* What is replaced is a simulation of ours: never a real recording, a database, a device. */
static int check_target(const char *path, struct error *err)
{
	struct recording_reader *there = NULL;
	struct stat file;

	if (stat(path, &file) < 0 || (S_ISREG(file.st_mode) && file.st_size == 0))
		return 0;
	bool simulated = recording_is(path) && recording_open(&there, path, NULL) == 0 &&
	                 recording_notes(there) && strcmp(recording_notes(there), notes) == 0;
	recording_close_reader(there);
	if (simulated)
		return 0;
	return error_at(err, -EEXIST, &(struct place){.file = path},
	    "is there already and is no simulation; name another file");
}

static int open_all(struct writing *writing, struct error *err)
{
	const struct simulate *simulate = writing->simulate;
	int code = sim_world_create(
	    &writing->world, &simulate->settings, writing->surfaces, writing->n_surfaces, err);

	if (code < 0)
		return code;
	writing->length_s = sim_world_length_s(writing->world);
	if (simulate->length_s > 0)
		writing->length_s = fmin(writing->length_s, simulate->length_s);
	if (isinf(writing->length_s))
		return error_set(
		    err, -EINVAL, "this plan has no end: give --hours, say --hours 0.1");
	writing->counts = calloc(SURFACE_CELLS_MAX, sizeof(*writing->counts));
	if (!writing->counts)
		return error_set(err, -ENOMEM, "out of memory");
	code = check_target(simulate->output, err);
	if (code < 0)
		return code;
	code = recording_create(&writing->recording, simulate->output, true, notes, err);
	for (size_t i = 0; i < writing->n_surfaces && code >= 0; i++)
		code = recording_add_surface(writing->recording, &writing->surfaces[i], err);
	return code < 0 ? code : open_truth(writing, err);
}

static void write_number(FILE *file, double value)
{
	if (isnan(value))
		fputc(',', file);
	else
		fprintf(file, "%.2f,", value);
}

static void write_truth(struct writing *writing, size_t surface, double t_s)
{
	bool bed = writing->surfaces[surface].kind == SURFACE_BED;
	struct sim_truth truth;

	sim_world_truth(writing->world, surface, t_s, &truth);
	fprintf(writing->truth, "%.0f,%s,%d,%s,%s,", t_s, writing->surfaces[surface].name,
	    truth.occupancy == OCCUPANCY_PERSON, bed ? posture_name(truth.posture) : "",
	    bed ? "" : seat_state_name(truth.seat));
	write_number(writing->truth, truth.breathing_per_min);
	write_number(writing->truth, truth.heart_per_min);
	fprintf(writing->truth, "%d,%s\n", truth.moving, truth.happening);
}

static int write_frame(struct writing *writing, size_t surface, uint64_t index, struct error *err)
{
	const struct sim_settings *settings = &writing->simulate->settings;
	double t_s = (double)index / writing->rate_hz;
	int64_t since_ns = llround(t_s * 1e9);
	struct frame frame = {
	    .mono_ns = FIRST_FRAME_NS + since_ns,
	    .real_ns = settings->start_real_ns + since_ns,
	    .utc_offset_s = settings->utc_offset_s,
	    .flags = FRAME_CLOCK_SYNCED,
	    .sequence = (uint32_t)index,
	    .n_cells = writing->surfaces[surface].n_cells,
	    .counts = writing->counts,
	};

	sim_world_frame(writing->world, surface, t_s, frame.counts);
	return recording_write(writing->recording, (int)surface, &frame, err);
}

static void show_progress(const struct writing *writing, double t_s)
{
	const struct sim_settings *settings = &writing->simulate->settings;
	double done = t_s / writing->length_s;
	int filled = (int)(done * PROGRESS_WIDTH);
	char time[TIME_SIZE];

	clock_format_time(
	    settings->start_real_ns + (int64_t)(t_s * 1e9), settings->utc_offset_s, time);
	fprintf(stderr, "\r[%.*s%*s] %3.0f %%  %s", filled,
	    "########################################", PROGRESS_WIDTH - filled, "", 100 * done,
	    time);
}

static int write_all(struct writing *writing, struct error *err)
{
	uint64_t n_frames = (uint64_t)ceil(writing->length_s * writing->rate_hz - 1e-9);
	double next_truth_s = 0;
	int code = 0, shown = -1;

	for (uint64_t index = 0; index < n_frames && code == 0; index++) {
		double t_s = (double)index / writing->rate_hz;
		for (size_t i = 0; i < writing->n_surfaces && code == 0; i++)
			code = write_frame(writing, i, index, err);
		for (; next_truth_s <= t_s; next_truth_s++)
			for (size_t i = 0; i < writing->n_surfaces; i++)
				write_truth(writing, i, next_truth_s);
		int percent = (int)(100 * t_s / writing->length_s);
		if (writing->simulate->progress && percent != shown)
			show_progress(writing, t_s);
		shown = percent;
	}
	if (writing->simulate->progress) {
		show_progress(writing, writing->length_s);
		fputc('\n', stderr);
	}
	return code;
}

/* Closes everything; the first fault counts, whether it came before or comes now. */
static int close_all(struct writing *writing, int code, struct error *err)
{
	if (writing->truth) {
		bool bad = ferror(writing->truth) != 0;
		bad = fclose(writing->truth) != 0 || bad;
		if (bad && code >= 0) {
			struct place where = {.file = writing->truth_path};
			code = error_at(err, -EIO, &where, "cannot be written: is the disk full?");
		}
	}
	if (writing->recording) {
		struct error late = {0};
		int closed = recording_close_writer(writing->recording, &late);
		if (closed < 0 && code >= 0)
			code = error_set(err, closed, "%s", late.text);
	}
	sim_world_destroy(writing->world);
	free(writing->truth_path);
	free(writing->counts);
	return code;
}

int simulate_file(const struct simulate *simulate, struct error *err)
{
	struct writing writing = {.simulate = simulate};

	choose_surfaces(&writing);
	int code = open_all(&writing, err);
	if (code >= 0)
		code = write_all(&writing, err);
	return close_all(&writing, code, err);
}
