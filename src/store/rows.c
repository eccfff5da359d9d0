#include "store/rows.h"

#include <math.h>
#include <stddef.h>

enum column_type {
	COLUMN_SUM,   /* a float that is never NULL: seconds, activity */
	COLUMN_COUNT, /* an int */
	COLUMN_MEAN,  /* a float, NULL while not assessed */
};

#define EPOCH_COLUMNS(X)                                                                           \
	X(observed_s, SUM, observed_s)                                                             \
	X(technical_s, SUM, technical_s)                                                           \
	X(person_s, SUM, person_s)                                                                 \
	X(object_s, SUM, object_s)                                                                 \
	X(empty_s, SUM, empty_s)                                                                   \
	X(unknown_s, SUM, unknown_s)                                                               \
	X(posture_unknown_s, SUM, posture_s[POSTURE_UNKNOWN])                                      \
	X(posture_supine_s, SUM, posture_s[POSTURE_SUPINE])                                        \
	X(posture_left_s, SUM, posture_s[POSTURE_LEFT])                                            \
	X(posture_right_s, SUM, posture_s[POSTURE_RIGHT])                                          \
	X(posture_prone_s, SUM, posture_s[POSTURE_PRONE])                                          \
	X(posture_edge_s, SUM, posture_s[POSTURE_EDGE])                                            \
	X(posture_empty_s, SUM, posture_s[POSTURE_EMPTY])                                          \
	X(seat_unknown_s, SUM, seat_s[SEAT_UNKNOWN])                                               \
	X(seat_empty_s, SUM, seat_s[SEAT_EMPTY])                                                   \
	X(seat_upright_s, SUM, seat_s[SEAT_UPRIGHT])                                               \
	X(seat_forward_s, SUM, seat_s[SEAT_FORWARD])                                               \
	X(seat_slump_s, SUM, seat_s[SEAT_SLUMP])                                                   \
	X(seat_lean_left_s, SUM, seat_s[SEAT_LEAN_LEFT])                                           \
	X(seat_lean_right_s, SUM, seat_s[SEAT_LEAN_RIGHT])                                         \
	X(seat_other_s, SUM, seat_s[SEAT_OTHER])                                                   \
	X(moving_s, SUM, moving_s)                                                                 \
	X(activity, SUM, activity)                                                                 \
	X(shifts, COUNT, shifts)                                                                   \
	X(exits, COUNT, exits)                                                                     \
	X(bends, COUNT, bends)                                                                     \
	X(load, MEAN, load)                                                                        \
	X(centre_x_ratio, MEAN, centre_x_ratio)                                                    \
	X(centre_y_ratio, MEAN, centre_y_ratio)                                                    \
	X(valley_ratio, MEAN, valley_ratio)                                                        \
	X(quiet_supine_s, SUM, quiet_supine_s)                                                     \
	X(breathing_per_min, MEAN, breathing_per_min)                                              \
	X(heart_per_min, MEAN, heart_per_min)                                                      \
	X(sideways_ratio, MEAN, sideways_ratio)                                                    \
	X(forward_ratio, MEAN, forward_ratio)                                                      \
	X(sideways_peak_ratio, MEAN, sideways_peak_ratio)                                          \
	X(health_ratio, MEAN, health_ratio)

static const struct {
	enum column_type type;
	size_t offset;
} columns[] = {
#define COLUMN(name, type, member) {COLUMN_##type, offsetof(struct epoch, member)},
    EPOCH_COLUMNS(COLUMN)
#undef COLUMN
};
const int rows_n_columns = sizeof(columns) / sizeof(columns[0]);

const char rows_columns[] = ""
#define NAME(name, type, member) ", epoch." #name
    EPOCH_COLUMNS(NAME)
#undef NAME
    ;

void rows_bind_epoch(sqlite3_stmt *statement, int first, const struct epoch *epoch)
{
	for (int i = 0; i < rows_n_columns; i++) {
		const void *member = (const char *)epoch + columns[i].offset;

		if (columns[i].type == COLUMN_COUNT) {
			sqlite3_bind_int(statement, first + i, *(const int *)member);
			continue;
		}
		float number = *(const float *)member;
		if (columns[i].type == COLUMN_SUM && !isfinite(number))
			number = 0.0f; /* NOT NULL: one odd sum must not hold up a whole batch */
		sqlite3_bind_double(statement, first + i, number);
	}
}

void rows_read_epoch(sqlite3_stmt *statement, int first, struct epoch *epoch)
{
	for (int i = 0; i < rows_n_columns; i++) {
		void *member = (char *)epoch + columns[i].offset;

		if (columns[i].type == COLUMN_COUNT)
			*(int *)member = sqlite3_column_int(statement, first + i);
		else if (sqlite3_column_type(statement, first + i) == SQLITE_NULL)
			*(float *)member = NAN;
		else
			*(float *)member = (float)sqlite3_column_double(statement, first + i);
	}
}
