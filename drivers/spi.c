#include "drivers/spi.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/spi/spidev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "drivers/lines.h"

/* Places of the outputs, as bits. */
enum { CLOCK = 1, MOSI = 2, SELECT = 4 };

struct spi {
	int fd; /* -1: on lines */
	uint32_t speed_hz;
	struct lines *outputs, *input;
};

static struct spi *create(struct error *err)
{
	struct spi *spi = calloc(1, sizeof(*spi));

	if (spi)
		spi->fd = -1;
	else
		error_set(err, -ENOMEM, "out of memory");
	return spi;
}

static int device_error(struct error *err, int code, const char *path)
{
	const char *advice = "";

	if (code == -ENOENT)
		advice = "; is SPI switched on (raspi-config, or dtparam=spi=on)?";
	else if (code == -EACCES)
		advice =
		    "; the user who runs this must be in the group spi (sudo adduser USER spi)";
	else if (code == -ENOTTY)
		advice = "; that is no SPI device, give /dev/spidevB.C";
	return error_set(err, code, "SPI %s: %s%s", path, strerror(-code), advice);
}

int spi_open_device(struct spi **out, const char *path, double speed_hz, struct error *err)
{
	struct spi *spi = create(err);
	uint8_t mode = SPI_MODE_0, bits = 8;

	*out = NULL;
	if (!spi)
		return -ENOMEM;
	spi->speed_hz = (uint32_t)speed_hz;
	spi->fd = open(path, O_RDWR | O_CLOEXEC);
	if (spi->fd >= 0 && ioctl(spi->fd, SPI_IOC_WR_MODE, &mode) == 0 &&
	    ioctl(spi->fd, SPI_IOC_WR_BITS_PER_WORD, &bits) == 0 &&
	    ioctl(spi->fd, SPI_IOC_WR_MAX_SPEED_HZ, &spi->speed_hz) == 0) {
		*out = spi;
		return 0;
	}
	int result = device_error(err, -errno, path);
	spi_close(spi);
	return result;
}

/* The four names of "clock mosi miso select": miso alone is an input. */
static int split(const char *lines, char outputs[static 128], char input[static 40])
{
	char names[4][32];

	if (sscanf(lines, " %31[^ \t,]%*[ \t,]%31[^ \t,]%*[ \t,]%31[^ \t,]%*[ \t,]%31[^ \t,]",
	        names[0], names[1], names[2], names[3]) != 4)
		return -EINVAL;
	snprintf(outputs, 128, "%s %s %s", names[0], names[1], names[3]);
	snprintf(input, 40, "%s", names[2]);
	return 0;
}

int spi_open_lines(struct spi **out, const char *chip, const char *lines, struct error *err)
{
	char outputs[128], input[40];

	*out = NULL;
	if (lines_count(lines, err) != 4 || split(lines, outputs, input) < 0)
		return error_set(
		    err, -EINVAL, "\"%s\": give four lines: clock, MOSI, MISO, select", lines);
	struct spi *spi = create(err);
	if (!spi)
		return -ENOMEM;
	struct lines_request output = {
	    .chip = chip, .names = outputs, .output = true, .initial = SELECT};
	int result = lines_open(&spi->outputs, &output, err);
	if (result == 0)
		result = lines_open(
		    &spi->input, &(struct lines_request){.chip = chip, .names = input}, err);
	if (result < 0)
		spi_close(spi);
	else
		*out = spi;
	return result;
}

void spi_close(struct spi *spi)
{
	if (!spi)
		return;
	if (spi->fd >= 0)
		close(spi->fd);
	lines_close(spi->outputs);
	lines_close(spi->input);
	free(spi);
}

static int transfer_device(
    struct spi *spi, const uint8_t *out, size_t n, size_t n_times, uint8_t *in)
{
	struct spi_ioc_transfer transfers[SPI_TIMES_MAX] = {0};

	for (size_t i = 0; i < n_times; i++) {
		transfers[i].tx_buf = (uintptr_t)out;
		transfers[i].rx_buf = (uintptr_t)(in + i * n);
		transfers[i].len = (uint32_t)n;
		transfers[i].speed_hz = spi->speed_hz;
		transfers[i].cs_change = i + 1 < n_times; /* of the last it would mean: stay */
	}
	/* SPI_IOC_MESSAGE(n_times), which is for constants only */
	unsigned long request = _IOC(_IOC_WRITE, SPI_IOC_MAGIC, 0, n_times * sizeof(transfers[0]));
	if (ioctl(spi->fd, request, transfers) >= 0)
		return 0;
	return errno == ENODEV || errno == ESHUTDOWN ? -ENODEV : -EIO;
}

/* MOSI is taken with the clock's rise; MISO has changed with the fall before. */
static int transfer_byte(struct spi *spi, uint8_t out, uint8_t *in)
{
	uint64_t miso = 0;
	int result = 0;

	*in = 0;
	for (int bit = 7; bit >= 0 && result == 0; bit--) {
		uint64_t mosi = out >> bit & 1 ? MOSI : 0;
		result = lines_set(spi->outputs, mosi);
		if (result == 0)
			result = lines_set(spi->outputs, mosi | CLOCK);
		if (result == 0)
			result = lines_get(spi->input, &miso);
		*in = (uint8_t)((unsigned)*in << 1 | (unsigned)(miso & 1));
	}
	return result;
}

static int transfer_lines(struct spi *spi, const uint8_t *out, size_t n, uint8_t *in)
{
	int result = 0;

	for (size_t i = 0; i < n && result == 0; i++)
		result = transfer_byte(spi, out[i], &in[i]);
	int deselected = lines_set(spi->outputs, SELECT);
	return result < 0 ? result : deselected;
}

int spi_transfer(
    struct spi *spi, const uint8_t *out, size_t n, size_t n_times, uint8_t *in, int64_t *longest_ns)
{
	int result = 0;

	assert(n <= SPI_BYTES_MAX && n_times <= SPI_TIMES_MAX);
	*longest_ns = 0;
	if (spi->fd >= 0)
		return transfer_device(spi, out, n, n_times, in);
	for (size_t i = 0; i < n_times && result == 0; i++) {
		int64_t begun_ns = clock_mono_ns();
		result = transfer_lines(spi, out, n, in + i * n);
		int64_t took_ns = clock_mono_ns() - begun_ns;
		*longest_ns = took_ns > *longest_ns ? took_ns : *longest_ns;
	}
	return result;
}
