/* What a mat shows of each letter of a plan: simulated bodies, pressed once and kept. */
#ifndef LUMBAR_TESTS_POSES_H
#define LUMBAR_TESTS_POSES_H

#include "player.h"

#include "core/image.h"

struct pose {
	char letter;
	float *cells; /* owned; mmHg, or percent of full scale */
	float load, centre_x_ratio, centre_y_ratio;
};

#define POSES_MAX 8
struct poses {
	struct pose poses[POSES_MAX];
	size_t n;
};

/* For one mat of a home. 0 or -errno with err; finish it also after an error. */
int poses_init(
    struct poses *poses, const struct home *home, const struct surface *surface, struct error *err);
void poses_finish(struct poses *poses);

/* The letter's pose, or NULL when nothing presses the mat. */
const struct pose *poses_find(const struct poses *poses, char letter);

#endif
