/*
 * An EDF+C file of even records through libedf, which wants a path of its own: a scratch file is
 * written and copied. Thread: one at a time in the program, as libedf numbers its files.
 */
#ifndef LUMBAR_EXPORT_EDF_FILE_H
#define LUMBAR_EXPORT_EDF_FILE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define EDF_LABEL_SIZE 17 /* 16 characters of ASCII */

struct edf_signal {
	char label[EDF_LABEL_SIZE];
	char transducer[81];
	const char *dimension; /* "/min", "%" */
	/* Physical and digital range; the lowest value stands for "not known". */
	double low, high;
	int digital_low, digital_high;
	const float *values; /* one for each sample; NAN: not known; borrowed */
};

struct edf_note {
	double onset_s, duration_s; /* since the start of the file; duration 0: none */
	char text[40];              /* UTF-8; libedf keeps no more */
};

struct edf_file {
	int64_t start_ns; /* real time, whole seconds */
	int32_t utc_offset_s;
	double record_s;         /* 0.001 to 60 */
	size_t samples_a_record; /* of each signal */
	size_t n_records;        /* values: n_records * samples_a_record of each signal */
	const struct edf_signal *signals;
	size_t n_signals;
	const struct edf_note *notes;
	size_t n_notes;
};

/* 0 or -errno with err filled: -ERANGE when the time is none that EDF+ has. */
int edf_file_write(const struct edf_file *file, FILE *out, struct error *err);

#endif
