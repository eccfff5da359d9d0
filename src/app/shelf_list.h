/*
 * What lumbar nightly wrote into a folder: the file .lumbar-reports in it, a line for each night,
 * "2026-03-14 html pdf". Only app/shelf*.c include this.
 */
#ifndef LUMBAR_APP_SHELF_LIST_H
#define LUMBAR_APP_SHELF_LIST_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct shelf_night {
	int32_t day;
	unsigned formats; /* bits 1u << enum report_format; never 0 */
};

struct shelf_list {
	char *folder;
	struct shelf_night *nights; /* the oldest first */
	size_t n_nights, capacity;
};

/* No list yet is an empty one; a line that is not understood is passed over, with a warning. */
int shelf_list_load(struct shelf_list *list, const char *folder, struct error *err);
int shelf_list_save(const struct shelf_list *list, struct error *err);
void shelf_list_finish(struct shelf_list *list);

/* Removes what a power cut left half written: files of the list, and the list itself. */
void shelf_list_sweep(const struct shelf_list *list, int folder_fd);

unsigned shelf_list_find(const struct shelf_list *list, int32_t day);
int shelf_list_add(struct shelf_list *list, int32_t day, unsigned formats, struct error *err);
void shelf_list_drop(struct shelf_list *list, int32_t day, unsigned formats);

/* False when there is none. */
bool shelf_list_oldest(const struct shelf_list *list, int32_t *day);
bool shelf_list_newest(const struct shelf_list *list, int32_t *day);

#endif
