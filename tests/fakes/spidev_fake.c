#include "tests/fakes/spidev_fake.h"

#include "support.h"

#include <errno.h>
#include <linux/spi/spidev.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct fake_spidev fake_spidev;

static void pulse(bool mosi, uint8_t *in)
{
	bool miso;

	fake_spidev.part->set(fake_spidev.part->user, "25", false);
	fake_spidev.part->set(fake_spidev.part->user, "26", mosi);
	fake_spidev.part->set(fake_spidev.part->user, "25", true);
	fake_spidev.part->get(fake_spidev.part->user, "27", &miso);
	*in = (uint8_t)(*in << 1 | miso);
}

static void transfer(const struct spi_ioc_transfer *t, bool last)
{
	const uint8_t *out = (const uint8_t *)(uintptr_t)t->tx_buf; /* NOLINT */
	uint8_t *in = (uint8_t *)(uintptr_t)t->rx_buf;              /* NOLINT */

	fake_spidev.part->set(fake_spidev.part->user, "28", false);
	for (uint32_t i = 0; i < t->len; i++)
		for (int bit = 7; bit >= 0; bit--)
			pulse(out[i] >> bit & 1, &in[i]);
	assert_int_equal(t->speed_hz, fake_spidev.speed_hz);
	if (t->cs_change == last)
		return; /* of the last it means: stay selected */
	fake_spidev.part->set(fake_spidev.part->user, "25", false);
	fake_spidev.part->set(fake_spidev.part->user, "28", true);
	fake_spidev.n_deselected++;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;

	va_start(args, request);
	void *argument = va_arg(args, void *);
	va_end(args);
	if (_IOC_TYPE(request) != SPI_IOC_MAGIC)
		return (int)syscall(SYS_ioctl, fd, request, argument);
	if (request == SPI_IOC_WR_MAX_SPEED_HZ)
		memcpy(&fake_spidev.speed_hz, argument, sizeof(fake_spidev.speed_hz));
	if (_IOC_NR(request) != 0)
		return 0;
	if (fake_spidev.error) {
		errno = fake_spidev.error;
		return -1;
	}
	const struct spi_ioc_transfer *transfers = argument;
	size_t n = _IOC_SIZE(request) / sizeof(*transfers);
	for (size_t i = 0; i < n; i++)
		transfer(&transfers[i], i + 1 == n);
	fake_spidev.n_messages++;
	return 0;
}
