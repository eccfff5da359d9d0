/*
 * A night written straight into a database, minute by minute: what tests of queries and reports
 * know the answers of. Times are minutes after the first noon.
 */
#ifndef LUMBAR_TESTS_NIGHT_FIXTURE_H
#define LUMBAR_TESTS_NIGHT_FIXTURE_H

#include "core/event.h"
#include "store/minutes.h"
#include "store/store.h"

#define FIXTURE_DAY      20659 /* 2026-07-25 */
#define FIXTURE_OFFSET_S 7200
#define AT(hour, minute) ((((hour) + 12) % 24) * 60 + (minute)) /* minute of the night */

struct night_fixture {
	struct store *store;
	int32_t day;
	int bed_id, chair_id;
	/*
	 * One letter a minute. bed: s supine, l left, r right, p prone, e edge, . empty,
	 * o object, ? unknown, t technical, ' ' no row. chair: u upright, f forward, h slump,
	 * L and R lean, . ? t and ' ' as above.
	 */
	char bed[NIGHT_MINUTES], chair[NIGHT_MINUTES];
	bool shift[NIGHT_MINUTES];
	float valley_ratio;
	float load;            /* of her lying on the bed */
	const char *mat;       /* what the bed's calibration calls it */
	int64_t calibrated_ns; /* when that was made; 0: not calibrated */
};

/* Opens path and begins a session of the night that ends on day; both mats empty all night. */
void fixture_begin(struct night_fixture *fixture, const char *path, int32_t day);
/* Minutes [from, to) get the letter. */
void fixture_bed(struct night_fixture *fixture, int from, int to, char letter);
void fixture_chair(struct night_fixture *fixture, int from, int to, char letter);
/* The clock of this session becomes known. Without it nothing of the night is dated. */
void fixture_anchor(struct night_fixture *fixture, int minute, bool synchronised);
/* Writes the epochs of [from, to). */
void fixture_write(struct night_fixture *fixture, int from, int to);
void fixture_end(struct night_fixture *fixture);

/* Real time of a minute of the night. */
int64_t fixture_real_ns(const struct night_fixture *fixture, int minute);

/*
 * A whole made-up night with all that a report can show: a nap, three feeds of which one leans to
 * the left, a gap, findings, key frames, a calibration; and six plainer nights before it.
 */
void fixture_designed_nights(const char *path, int32_t day);

/* The path of such a database, of FIXTURE_DAY, made once a program; the caller frees. */
char *fixture_designed_path(void);

#endif
