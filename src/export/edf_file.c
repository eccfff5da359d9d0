#include "export/edf_file.h"

#include "base/clock.h"

#include <edflib.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOTE_SIGNALS_MAX 64   /* of libedf */
#define YEAR_FIRST       1985 /* of two digits: edfplus.info/specs/edfplus.html */
#define YEAR_LAST        2084

/* ---- the header ----------------------------------------------------------------------------- */

/* Readers tell signals apart by their labels: of several that are alike the later ones end "~2". */
static void find_label(const struct edf_file *file, size_t i, char label[static EDF_LABEL_SIZE])
{
	int alike = 1;

	for (size_t k = 0; k < i; k++)
		alike += strcmp(file->signals[k].label, file->signals[i].label) == 0;
	snprintf(label, EDF_LABEL_SIZE, "%s", file->signals[i].label);
	if (alike > 1)
		snprintf(label + EDF_LABEL_SIZE - 3, 3, "~%d", alike % 10);
}

static bool set_signal(int handle, const struct edf_file *file, size_t index)
{
	const struct edf_signal *signal = &file->signals[index];
	int i = (int)index, n_samples = (int)file->samples_a_record;
	char label[EDF_LABEL_SIZE];

	find_label(file, index, label);
	return edf_set_samplefrequency(handle, i, n_samples) == 0 &&
	       edf_set_physical_minimum(handle, i, signal->low) == 0 &&
	       edf_set_physical_maximum(handle, i, signal->high) == 0 &&
	       edf_set_digital_minimum(handle, i, signal->digital_low) == 0 &&
	       edf_set_digital_maximum(handle, i, signal->digital_high) == 0 &&
	       edf_set_label(handle, i, label) == 0 &&
	       edf_set_physical_dimension(handle, i, signal->dimension) == 0 &&
	       edf_set_transducer(handle, i, signal->transducer) == 0;
}

/* Patient and technician stay unknown ("X"), as EDF+ wants it of files without names. */
static bool set_header(int handle, const struct edf_file *file)
{
	struct civil at = clock_civil(file->start_ns, file->utc_offset_s);
	size_t n_note_signals = file->n_notes / file->n_records + 1;
	char offset[32];
	int32_t minutes = abs(file->utc_offset_s) / 60;

	if (n_note_signals > NOTE_SIGNALS_MAX)
		n_note_signals = NOTE_SIGNALS_MAX;
	snprintf(offset, sizeof(offset), "UTC%c%02d:%02d", file->utc_offset_s < 0 ? '-' : '+',
	    (int)(minutes / 60), (int)(minutes % 60));
	for (size_t i = 0; i < file->n_signals; i++)
		if (!set_signal(handle, file, i))
			return false;
	return edf_set_datarecord_duration(handle, (int)lround(file->record_s * 1e5)) == 0 &&
	       edf_set_startdatetime(
	           handle, at.year, at.month, at.day, at.hour, at.minute, at.second) == 0 &&
	       edf_set_equipment(handle, "Lumbar") == 0 &&
	       edf_set_recording_additional(handle, offset) == 0 &&
	       edf_set_number_of_annotation_signals(handle, (int)n_note_signals) == 0;
}

/* ---- samples -------------------------------------------------------------------------------- */

static int digital(const struct edf_signal *signal, float value)
{
	double per_step = (signal->high - signal->low) /
	                  (signal->digital_high - signal->digital_low);
	double known = fmax((double)value, signal->low + per_step);

	if (!isfinite(value))
		return signal->digital_low;
	return signal->digital_low +
	       (int)lround((fmin(known, signal->high) - signal->low) / per_step);
}

static bool write_records(int handle, const struct edf_file *file)
{
	size_t n = file->samples_a_record;
	int *samples = calloc(n, sizeof(*samples));
	bool good = samples != NULL;

	for (size_t record = 0; good && record < file->n_records; record++)
		for (size_t i = 0; good && i < file->n_signals; i++) {
			const struct edf_signal *signal = &file->signals[i];

			for (size_t k = 0; k < n; k++)
				samples[k] = digital(signal, signal->values[record * n + k]);
			good = edfwrite_digital_samples(handle, samples) == 0;
		}
	free(samples);
	return good;
}

/* libedf 1.23 (Debian 12) has this call alone; 1.27 (Debian 13) a finer one too, and prefers it. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
static bool write_note(int handle, const struct edf_note *note)
{
	long long duration = note->duration_s <= 0.0 ? -1 : llround(note->duration_s * 1e4);

	return edfwrite_annotation_utf8(
	           handle, llround(note->onset_s * 1e4), duration, note->text) == 0;
}
#pragma GCC diagnostic pop

static bool write_notes(int handle, const struct edf_file *file)
{
	for (size_t i = 0; i < file->n_notes; i++)
		if (!write_note(handle, &file->notes[i]))
			return false;
	return true;
}

/* ---- the file ------------------------------------------------------------------------------- */

static int copy(const char *path, FILE *out)
{
	char bytes[16384];
	size_t n;
	FILE *in = fopen(path, "r");

	if (!in)
		return -errno;
	while ((n = fread(bytes, 1, sizeof(bytes), in)) > 0)
		fwrite(bytes, 1, n, out);
	int rc = ferror(in) || ferror(out) ? -EIO : 0;
	fclose(in);
	return rc;
}

static int write_scratch(const struct edf_file *file, const char *path)
{
	int handle = edfopen_file_writeonly(path, EDFLIB_FILETYPE_EDFPLUS, (int)file->n_signals);

	if (handle < 0)
		return -EIO;
	bool good = set_header(handle, file) && write_records(handle, file) &&
	            write_notes(handle, file);
	return edfclose_file(handle) == 0 && good ? 0 : -EIO;
}

int edf_file_write(const struct edf_file *file, FILE *out, struct error *err)
{
	const char *folder = getenv("TMPDIR");
	char *path = NULL;
	int year = clock_civil(file->start_ns, file->utc_offset_s).year;

	if (year < YEAR_FIRST || year > YEAR_LAST)
		return error_set(err, -ERANGE,
		    "begins in %d, by a clock that was not set; EDF+ has the years %d to %d", year,
		    YEAR_FIRST, YEAR_LAST);
	if (asprintf(&path, "%s/lumbar-XXXXXX", folder && *folder ? folder : "/tmp") < 0)
		return error_set(err, -ENOMEM, "out of memory");
	int fd = mkstemp(path);
	int rc = fd < 0 ? error_set(err, -errno, "%s: %s", path, strerror(errno)) : 0;
	if (fd >= 0)
		close(fd);
	if (rc == 0 && write_scratch(file, path) != 0)
		rc = error_set(err, -EIO, "%s: cannot be written; is the disk full?", path);
	if (rc == 0)
		rc = copy(path, out);
	if (fd >= 0)
		unlink(path);
	free(path);
	return rc;
}
