/*
 * SPI, mode 0, chip select low: through the kernel's spidev where there is one, else on GPIO lines.
 */
#ifndef LUMBAR_DRIVERS_SPI_H
#define LUMBAR_DRIVERS_SPI_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define SPI_BYTES_MAX 4
#define SPI_TIMES_MAX 16

struct spi;

/* path: /dev/spidevB.C. 0, or -errno with err filled. */
int spi_open_device(struct spi **spi, const char *path, double speed_hz, struct error *err);

/* lines: "clock mosi miso select" of the GPIO chip (drivers/lines.h). 0, or -errno with err. */
int spi_open_lines(struct spi **spi, const char *chip, const char *lines, struct error *err);

void spi_close(struct spi *spi); /* NULL is legal */

/*
 * Sends n bytes (at most SPI_BYTES_MAX) and takes as many, n_times over (at most SPI_TIMES_MAX), the
 * chip deselected in between. in: n_times x n bytes. *longest_ns: the longest of them, 0 where the
 * kernel does the timing. 0, or -EIO, -ENODEV. No allocation.
 */
int spi_transfer(struct spi *spi, const uint8_t *out, size_t n, size_t n_times, uint8_t *in,
    int64_t *longest_ns);

#endif
