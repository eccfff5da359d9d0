/*
 * The kernel's spidev without a kernel: ioctl() of a program that is linked with this clocks SPI
 * messages through a fake part. All other requests go where they always go.
 */
#ifndef LUMBAR_TESTS_SPIDEV_FAKE_H
#define LUMBAR_TESTS_SPIDEV_FAKE_H

#include "tests/fakes/lines_fake.h"

struct fake_spidev {
	const struct fake_part *part; /* has its clock, MOSI, MISO and select at lines 25 to 28 */
	unsigned n_messages, n_deselected;
	uint32_t speed_hz; /* as it was set */
	int error;         /* the next messages fail with this errno; 0: they do not */
};

extern struct fake_spidev fake_spidev;

#endif
