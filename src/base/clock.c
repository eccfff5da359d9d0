#include "base/clock.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>

static int64_t read_clock(clockid_t which)
{
	struct timespec ts;

	clock_gettime(which, &ts);
	return (int64_t)ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

int64_t clock_mono_ns(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

int64_t clock_real_ns(void)
{
	return read_clock(CLOCK_REALTIME);
}

bool clock_synchronised(void)
{
	struct timex tx = {.modes = 0};

	int state = adjtimex(&tx);

	return state >= 0 && state != TIME_ERROR;
}

int32_t clock_utc_offset_s(int64_t real_ns)
{
	time_t seconds = (time_t)(real_ns / NS_PER_S);
	struct tm local;

	if (!localtime_r(&seconds, &local))
		return 0;
	return (int32_t)local.tm_gmtoff;
}

void clock_boot_id(char id[static BOOT_ID_SIZE])
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");

	snprintf(id, BOOT_ID_SIZE, "unknown");
	if (!file)
		return;
	if (!fgets(id, BOOT_ID_SIZE, file))
		snprintf(id, BOOT_ID_SIZE, "unknown");
	id[strcspn(id, "\n")] = '\0';
	fclose(file);
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

struct civil clock_civil(int64_t real_ns, int32_t utc_offset_s)
{
	time_t seconds = (time_t)(floor_div(real_ns, NS_PER_S) + utc_offset_s);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	return (struct civil){
	    .year = tm.tm_year + 1900,
	    .month = tm.tm_mon + 1,
	    .day = tm.tm_mday,
	    .hour = tm.tm_hour,
	    .minute = tm.tm_min,
	    .second = tm.tm_sec,
	};
}

int64_t clock_real_from_civil(const struct civil *civil, int32_t utc_offset_s)
{
	struct tm tm = {
	    .tm_year = civil->year - 1900,
	    .tm_mon = civil->month - 1,
	    .tm_mday = civil->day,
	    .tm_hour = civil->hour,
	    .tm_min = civil->minute,
	    .tm_sec = civil->second,
	};

	return ((int64_t)timegm(&tm) - utc_offset_s) * NS_PER_S;
}

int32_t clock_second_of_day(int64_t real_ns, int32_t utc_offset_s)
{
	int64_t seconds = floor_div(real_ns, NS_PER_S) + utc_offset_s;

	return (int32_t)(seconds - floor_div(seconds, 86400) * 86400);
}

int32_t clock_local_day(int64_t real_ns, int32_t utc_offset_s)
{
	return (int32_t)floor_div(floor_div(real_ns, NS_PER_S) + utc_offset_s, 86400);
}

void clock_format_day(int32_t day, char text[static DATE_SIZE])
{
	struct civil c = clock_civil((int64_t)day * 86400 * NS_PER_S, 0);

	snprintf(text, DATE_SIZE, "%04u-%02u-%02u", (unsigned)c.year % 10000u,
	    (unsigned)c.month % 100u, (unsigned)c.day % 100u);
}

/* int64_t nanoseconds from 1970 reach from 1677 to 2262. */
static bool year_fits(const struct civil *civil)
{
	return civil->year >= 1700 && civil->year <= 2200;
}

int clock_parse_day(const char *text, int32_t *day)
{
	struct civil civil = {0};
	char back[DATE_SIZE];
	int used = 0;

	if (sscanf(text, "%4d-%2d-%2d%n", &civil.year, &civil.month, &civil.day, &used) != 3 ||
	    text[used] != '\0' || !year_fits(&civil))
		return -EINVAL;
	int32_t found = clock_local_day(clock_real_from_civil(&civil, 0), 0);
	clock_format_day(found, back);
	if (strcmp(back, text) != 0)
		return -EINVAL;
	*day = found;
	return 0;
}

void clock_format_time(int64_t real_ns, int32_t utc_offset_s, char text[static TIME_SIZE])
{
	struct civil c = clock_civil(real_ns, utc_offset_s);

	snprintf(text, TIME_SIZE, "%02u:%02u", (unsigned)c.hour % 100u, (unsigned)c.minute % 100u);
}

void clock_format_stamp(int64_t real_ns, int32_t utc_offset_s, char text[static STAMP_SIZE])
{
	struct civil c = clock_civil(real_ns, utc_offset_s);
	char sign = utc_offset_s < 0 ? '-' : '+';
	unsigned offset_min = (unsigned)(utc_offset_s < 0 ? -utc_offset_s : utc_offset_s) / 60u;

	snprintf(text, STAMP_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u%c%02u:%02u",
	    (unsigned)c.year % 10000u, (unsigned)c.month % 100u, (unsigned)c.day % 100u,
	    (unsigned)c.hour % 100u, (unsigned)c.minute % 100u, (unsigned)c.second % 100u, sign,
	    offset_min / 60u % 100u, offset_min % 60u);
}

int clock_parse_time(const char *text, int32_t *second_of_day)
{
	char *end;
	long hour = strtol(text, &end, 10), minute = 0;

	if (!isdigit((unsigned char)text[0]))
		return -EINVAL;
	if (*end == ':' && isdigit((unsigned char)end[1]) && isdigit((unsigned char)end[2]))
		minute = strtol(end + 1, &end, 10);
	if (*end || hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return -EINVAL;
	*second_of_day = (int32_t)(hour * 3600 + minute * 60);
	return 0;
}

int clock_parse_stamp(const char *text, int64_t *real_ns, int32_t *utc_offset_s)
{
	struct civil civil = {0};
	char back[STAMP_SIZE], sign = '+';
	int used = 0, hours = 0, minutes = 0;

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &civil.year, &civil.month, &civil.day,
	        &civil.hour, &civil.minute, &civil.second, &used) != 6 ||
	    !year_fits(&civil))
		return -EINVAL;
	const char *offset = text + used;
	used = 0;
	bool zulu = strcmp(offset, "Z") == 0;
	if (!zulu && (sscanf(offset, "%c%2d:%2d%n", &sign, &hours, &minutes, &used) != 3 ||
	                 offset[used] != '\0' || (sign != '+' && sign != '-')))
		return -EINVAL;
	int32_t seconds = (hours * 60 + minutes) * (sign == '-' ? -60 : 60);
	int64_t found_ns = clock_real_from_civil(&civil, seconds);
	/* Written back it must read the same: that refuses the 31st of June and hour 25. */
	clock_format_stamp(found_ns, seconds, back);
	if (strncmp(back, text, (size_t)(offset - text)) != 0 || (!zulu && strcmp(back, text) != 0))
		return -EINVAL;
	*real_ns = found_ns;
	*utc_offset_s = seconds;
	return 0;
}
