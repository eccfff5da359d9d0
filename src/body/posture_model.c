#include "body/posture_model.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char built_in[] = {
#include "body/posture.model.inc"
};

/* What is left of a model's text, and where it is for errors. */
struct reader {
	const char *at;
	const char *name;
	int line;
};

static void skip_blanks(struct reader *reader)
{
	for (;; reader->at++) {
		if (*reader->at == '#')
			reader->at += strcspn(reader->at, "\n");
		if (*reader->at == '\n')
			reader->line++;
		else if (*reader->at != ' ' && *reader->at != '\t' && *reader->at != '\r')
			return;
	}
}

/* The next word, cut to the buffer; "" at the end. */
static const char *next_word(struct reader *reader, char word[static 32])
{
	skip_blanks(reader);
	size_t length = strcspn(reader->at, " \t\r\n");
	snprintf(word, 32, "%.*s", (int)(length < 31 ? length : 31), reader->at);
	reader->at += length;
	return word;
}

static int malformed(const struct reader *reader, const char *key, const char *value,
    const char *text, struct error *err)
{
	struct place where = {reader->name, reader->line, key, value};

	return error_at(
	    err, -EINVAL, &where, "%s; make the model anew with `lumbar train posture`", text);
}

static int read_key(struct reader *reader, const char *key, struct error *err)
{
	char word[32];

	if (strcmp(next_word(reader, word), key) == 0)
		return 0;
	struct place where = {reader->name, reader->line, NULL, NULL};
	return error_at(
	    err, -EINVAL, &where, "\"%s\" stands where a posture model has \"%s\"", word, key);
}

static int read_number(struct reader *reader, const char *key, float *value, struct error *err)
{
	char word[32];
	char *end;

	*value = strtof(next_word(reader, word), &end);
	if (end != word && *end == '\0' && isfinite(*value))
		return 0;
	return malformed(reader, key, word, word[0] ? "not a number" : "the file ends early", err);
}

static int read_count(struct reader *reader, const char *key, size_t least, size_t most,
    size_t *value, struct error *err)
{
	float number;

	if (read_key(reader, key, err) < 0 || read_number(reader, key, &number, err) < 0)
		return -EINVAL;
	if (number < (float)least || number > (float)most || number != floorf(number)) {
		char text[32];
		snprintf(text, sizeof(text), "%g", (double)number);
		return malformed(reader, key, text, "this program cannot use such a model", err);
	}
	*value = (size_t)number;
	return 0;
}

/* "classes" and posture names up to "weights". */
static int read_classes(struct reader *reader, struct posture_model *model, struct error *err)
{
	char word[32];

	if (read_key(reader, "classes", err) < 0)
		return -EINVAL;
	while (strcmp(next_word(reader, word), "weights") != 0) {
		enum posture posture;
		if (posture_parse(word, &posture) < 0 || posture < POSTURE_SUPINE ||
		    posture > POSTURE_PRONE || model->n_classes == POSTURE_CLASSES_MAX)
			return malformed(
			    reader, "classes", word, "classes are supine, left, right, prone", err);
		model->classes[model->n_classes++] = posture;
	}
	if (model->n_classes < 2)
		return malformed(reader, "classes", NULL, "two classes are the least", err);
	return 0;
}

static int read_weights(struct reader *reader, struct posture_model *model, struct error *err)
{
	for (size_t i = 0; i < model->n_hidden; i++)
		for (size_t k = 0; k <= FEATURES_COUNT; k++)
			if (read_number(reader, "weights", &model->first[k][i], err) < 0)
				return -EINVAL;
	for (size_t i = 0; i < model->n_classes; i++)
		for (size_t k = 0; k <= model->n_hidden; k++)
			if (read_number(reader, "weights", &model->second[i][k], err) < 0)
				return -EINVAL;
	skip_blanks(reader);
	return *reader->at ? malformed(reader, "weights", NULL, "more numbers than expected", err)
	                   : 0;
}

static int read_model(struct reader *reader, struct posture_model *model, struct error *err)
{
	size_t version, n_features;

	if (read_count(reader, "lumbar-posture", 1, 1, &version, err) < 0 ||
	    read_count(reader, "features", FEATURES_COUNT, FEATURES_COUNT, &n_features, err) < 0 ||
	    read_count(reader, "hidden", 1, POSTURE_HIDDEN_MAX, &model->n_hidden, err) < 0 ||
	    read_classes(reader, model, err) < 0)
		return -EINVAL;
	return read_weights(reader, model, err);
}

struct posture_model *posture_model_parse(const char *text, const char *name, struct error *err)
{
	struct reader reader = {.at = text, .name = name, .line = 1};
	struct posture_model *model = calloc(1, sizeof(*model));

	if (!model) {
		error_set(err, -ENOMEM, "%s: out of memory", name);
		return NULL;
	}
	if (read_model(&reader, model, err) == 0)
		return model;
	posture_model_destroy(model);
	return NULL;
}

/* The whole file as text; the caller frees. NULL with err. */
static char *read_file(const char *path, struct error *err)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	/* A model holds no 0 byte, so this reads it to its end. */
	if (file && getdelim(&text, &size, '\0', file) >= 0) {
		fclose(file);
		return text;
	}
	struct place where = {path, 0, NULL, NULL};
	error_at(err, file || !errno ? -EINVAL : -errno, &where, "%s",
	    file ? "the posture model is empty or cannot be read" : strerror(errno));
	if (file)
		fclose(file);
	free(text);
	return NULL;
}

struct posture_model *posture_model_load(const char *path, struct error *err)
{
	if (!path || !*path)
		return posture_model_parse(built_in, "the built-in posture model", err);
	char *text = read_file(path, err);
	if (!text)
		return NULL;
	struct posture_model *model = posture_model_parse(text, path, err);
	free(text);
	return model;
}

void posture_model_destroy(struct posture_model *model)
{
	free(model);
}

void posture_model_run(
    const struct posture_model *model, const float *features, float *probabilities)
{
	float hidden[POSTURE_HIDDEN_MAX];
	float most = -INFINITY, sum = 0;

	memcpy(hidden, model->first[FEATURES_COUNT], sizeof(hidden));
	for (size_t k = 0; k < FEATURES_COUNT; k++)
		for (size_t i = 0; i < POSTURE_HIDDEN_MAX; i++)
			hidden[i] += model->first[k][i] * features[k];
	for (size_t i = 0; i < model->n_hidden; i++)
		hidden[i] = tanhf(hidden[i]);
	for (size_t i = 0; i < model->n_classes; i++) {
		probabilities[i] = model->second[i][model->n_hidden];
		for (size_t k = 0; k < model->n_hidden; k++)
			probabilities[i] += model->second[i][k] * hidden[k];
		most = fmaxf(most, probabilities[i]);
	}
	for (size_t i = 0; i < model->n_classes; i++) {
		probabilities[i] = expf(probabilities[i] - most);
		sum += probabilities[i];
	}
	for (size_t i = 0; i < model->n_classes; i++)
		probabilities[i] /= sum;
}
