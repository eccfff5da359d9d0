/* lumbar eval posture, inside: what the judging, the printing and the picture share. */
#ifndef LUMBAR_APP_EVAL_POSTURE_H
#define LUMBAR_APP_EVAL_POSTURE_H

#include "app/maps.h"
#include "app/tally.h"
#include "app/train.h"

/* The conditions that maps are judged under: CORRUPTION_NONE first, as they are. */
#define CORRUPTION_NONE 0
#define CORRUPTIONS     15

struct corruption_tallies {
	struct tally under[CORRUPTIONS];
};

struct evaluated_subject {
	char name[TRAIN_SUBJECT_SIZE];
	struct corruption_tallies tallies;
};

#define EVALUATED_SUBJECTS 256

struct evaluated {
	const char *manifest;
	bool leave_one_out, turned;
	size_t corruption; /* what the tables are about */
	bool robust;       /* all corruptions were judged */
	size_t n_subjects;
	struct evaluated_subject *subjects; /* EVALUATED_SUBJECTS */
	struct corruption_tallies all;
};

const char *corruption_name(size_t corruption);
int corruption_parse(const char *text, size_t *corruption); /* 0 or -EINVAL */

/*
 * Judges the maps of one file under one condition. The maps are copied, the seed draws the faults.
 * 0 or -ENOMEM. Maps too small for the condition are left out.
 */
int corruption_judge(const struct maps *maps, size_t corruption, uint64_t seed,
    const struct posture_model *model, enum posture truth, struct tally *tally);

void eval_posture_print(const struct evaluated *e);
void eval_posture_print_json(const struct evaluated *e);

/* The confusion matrix and a bar for each person, as SVG. 0 or -errno with err. */
int eval_posture_plot(const struct evaluated *e, const char *path, struct error *err);

#endif
