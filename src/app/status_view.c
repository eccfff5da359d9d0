#include "app/status_view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Nothing to much: a dark blue floor, then to yellow; indices of the 256-colour palette. */
static const int colours[] = {234, 17, 18, 24, 30, 36, 71, 107, 142, 178, 214, 220, 226};
enum { N_COLOURS = sizeof(colours) / sizeof(colours[0]) };

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* NAN for null and for what is not there. */
static double number_of(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

static void print_number(const char *what, double value, const char *format)
{
	if (isnan(value))
		return;
	printf("  %s ", what);
	printf(strcmp(format, "0") == 0   ? "%.0f"
	       : strcmp(format, "1") == 0 ? "%.1f"
	                                  : "%.2f",
	    value);
}

static void print_state(const json_t *surface)
{
	const char *posture = text_of(surface, "posture"), *seat = text_of(surface, "seat");
	bool person = strcmp(text_of(surface, "state"), "person") == 0;

	printf("%-10s %-8s", text_of(surface, "name"), text_of(surface, "state"));
	if (person && posture[0]) {
		printf(" %s", posture);
		print_number("sure", number_of(surface, "posture_confidence"), "2");
	}
	if (person && seat[0]) {
		printf(" %s", seat);
		print_number("sure", number_of(surface, "seat_confidence"), "2");
	}
	print_number("breathing", number_of(surface, "breathing_per_min"), "1");
	print_number("heart", number_of(surface, "heart_per_min"), "0");
	print_number("movement", number_of(surface, "movement"), "2");
	if (person)
		print_number("sideways", number_of(surface, "sideways_ratio"), "2");
	putchar('\n');
}

static void print_source(const json_t *surface)
{
	const json_t *source = json_object_get(surface, "source");
	const json_t *calibration = json_object_get(surface, "calibration");
	const char *fault = text_of(source, "fault"), *advice = text_of(surface, "advice");
	const char *limits = text_of(surface, "limits");

	printf("           %s, %s", text_of(source, "driver"), text_of(source, "phase"));
	if (!isnan(number_of(surface, "rate_hz")))
		printf(", %.1f frames/s", number_of(surface, "rate_hz"));
	printf(", %.0f frames in all", number_of(surface, "frames"));
	if (text_of(calibration, "grade")[0])
		printf("; calibrated, grade %s", text_of(calibration, "grade"));
	putchar('\n');
	if (text_of(calibration, "warning")[0])
		printf("           %s\n", text_of(calibration, "warning"));
	if (number_of(source, "late_samples") > 0)
		printf("           %.0f samples thrown away, since this machine was late\n",
		    number_of(source, "late_samples"));
	if (fault[0])
		printf("           %s\n", fault);
	if (advice[0])
		printf("           %s\n", advice);
	if (limits[0])
		printf("           %s\n", limits);
}

static void print_event(const json_t *surface)
{
	const json_t *event = json_object_get(surface, "last_event");

	if (json_is_object(event))
		printf(
		    "           last: %s: %s\n", text_of(event, "rule"), text_of(event, "detail"));
}

static double greatest_of(const json_t *map)
{
	double greatest = 0;
	size_t i, k;
	json_t *row, *cell;

	json_array_foreach((json_t *)map, i, row) json_array_foreach(row, k, cell)
	    greatest = fmax(greatest, json_number_value(cell));
	return greatest;
}

/* Two cells' width a column, since a character is about twice as high as it is wide. */
static void print_map(const json_t *surface)
{
	const json_t *map = json_object_get(surface, "map");
	double greatest = greatest_of(map);
	size_t i, k;
	json_t *row, *cell;

	if (!(greatest > 0))
		return;
	json_array_foreach((json_t *)map, i, row)
	{
		fputs("           ", stdout);
		json_array_foreach(row, k, cell)
		{
			int level = (int)(json_number_value(cell) / greatest * (N_COLOURS - 1) +
			                  0.5);
			printf("\033[48;5;%dm  ", colours[level]);
		}
		fputs("\033[0m\n", stdout);
	}
}

static void print_cue(const char *what, const json_t *cue)
{
	double age_s = number_of(cue, "age_s");
	const char *time = text_of(cue, "time");

	if (!json_is_object(cue))
		return;
	printf("           %s: %s", what, text_of(cue, "notice"));
	if (time[0])
		printf(" at %.5s", time + strlen("2026-11-22T"));
	printf(", %.0f min ago", floor(age_s / 60));
	if (text_of(cue, "why")[0])
		printf(": %s", text_of(cue, "why"));
	putchar('\n');
}

static void print_indicator(const json_t *indicator)
{
	size_t i;
	json_t *surface;
	bool ready = strcmp(text_of(indicator, "state"), "ready") == 0;

	printf("indicator %s: %s", text_of(indicator, "name"), text_of(indicator, "state"));
	if (strcmp(text_of(indicator, "state"), "off") == 0)
		printf(", no line is given");
	putchar('\n');
	if (text_of(indicator, "fault")[0])
		printf("           %s\n", text_of(indicator, "fault"));
	json_array_foreach(json_object_get(indicator, "surfaces"), i, surface)
	{
		const char *silent = text_of(surface, "silent");
		if (ready && silent[0])
			printf("           %s: silent now: %s\n", text_of(surface, "name"), silent);
	}
	print_cue("last cue", json_object_get(indicator, "last_cue"));
	print_cue("withheld", json_object_get(indicator, "withheld"));
}

static void print_head(const json_t *root)
{
	const json_t *store = json_object_get(root, "store");

	printf("%s  lumbard %s, up %.0f s%s\n", text_of(root, "time"), text_of(root, "version"),
	    number_of(root, "uptime_s"),
	    json_is_true(json_object_get(root, "clock_synchronised"))
	        ? ""
	        : "; the clock is not synchronised");
	if (strcmp(text_of(store, "state"), "good") != 0)
		printf("findings are NOT written: %s\n", text_of(store, "fault"));
	putchar('\n');
}

void status_view(const json_t *root, bool pictures)
{
	size_t i;
	json_t *surface, *indicator;

	print_head(root);
	json_array_foreach(json_object_get(root, "surfaces"), i, surface)
	{
		print_state(surface);
		print_source(surface);
		print_event(surface);
		if (pictures)
			print_map(surface);
	}
	json_array_foreach(json_object_get(root, "indicators"), i, indicator)
	    print_indicator(indicator);
}
