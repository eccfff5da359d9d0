/*
 * Time. Nanoseconds in int64_t everywhere. "mono" counts from boot and never jumps; "real" counts
 * from 1970-01-01 UTC and may. Dates are civil dates in the local time that an offset gives, so
 * that a recording made elsewhere is dated where it was made.
 */
#ifndef LUMBAR_BASE_CLOCK_H
#define LUMBAR_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NS_PER_US  1000LL
#define NS_PER_MS  1000000LL
#define NS_PER_S   1000000000LL
#define NS_PER_MIN (60 * NS_PER_S)
#define NS_PER_H   (3600 * NS_PER_S)

int64_t clock_mono_ns(void);
int64_t clock_real_ns(void);

/* The kernel's word that NTP or a hardware clock disciplines the real clock (adjtimex). */
bool clock_synchronised(void);

/* Seconds east of UTC that the machine's time zone has at real_ns. Thread: any. */
int32_t clock_utc_offset_s(int64_t real_ns);

/* The kernel's boot id, 36 characters; "unknown" where there is none. */
#define BOOT_ID_SIZE 37
void clock_boot_id(char id[static BOOT_ID_SIZE]);

/* Civil time at real_ns + utc_offset_s: no tables, no time zone of the reading machine. */
struct civil {
	int year, month, day; /* 2026, 1-12, 1-31 */
	int hour, minute, second;
};
struct civil clock_civil(int64_t real_ns, int32_t utc_offset_s);
int64_t clock_real_from_civil(const struct civil *civil, int32_t utc_offset_s);

/* Seconds since local midnight, 0-86399. */
int32_t clock_second_of_day(int64_t real_ns, int32_t utc_offset_s);

/* Days since 1970-01-01 of the local date; and the way back, "2026-11-22" (11 bytes). */
#define DATE_SIZE 11
int32_t clock_local_day(int64_t real_ns, int32_t utc_offset_s);
void clock_format_day(int32_t day, char text[static DATE_SIZE]);

/* "2026-11-22" -> days since 1970-01-01, years 1700-2200. Returns 0, or -EINVAL otherwise. */
int clock_parse_day(const char *text, int32_t *day);

/* "03:10" (6 bytes) and "2026-11-22T03:10:00+01:00" (26 bytes). */
#define TIME_SIZE  6
#define STAMP_SIZE 26
void clock_format_time(int64_t real_ns, int32_t utc_offset_s, char text[static TIME_SIZE]);
void clock_format_stamp(int64_t real_ns, int32_t utc_offset_s, char text[static STAMP_SIZE]);

/* "22:00" or "7" -> seconds since midnight. Returns 0, or -EINVAL. */
int clock_parse_time(const char *text, int32_t *second_of_day);

/* The way back from a stamp of that form ("Z" for the offset too). 0, or -EINVAL. */
int clock_parse_stamp(const char *text, int64_t *real_ns, int32_t *utc_offset_s);

#endif
