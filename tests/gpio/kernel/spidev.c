// SPDX-License-Identifier: GPL-2.0
/*
 * spidev.c: the converter of the emulated matrix behind the kernel's own SPI, as /dev/spidev0.0. The
 * controller is the kernel's spi-gpio on the lines of matrix.c, so that the bits and the select are
 * the kernel's doing. matrix_spidev switches it on and off, while the matrix is live.
 */
#include "bank.h"

#include <linux/gpio/machine.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/spi/spi.h>
#include <linux/spi/spi_gpio.h>

static struct gpiod_lookup_table lines = {
    .dev_id = "spi_gpio.0",
    .table =
        {
            GPIO_LOOKUP("emulated-matrix", 8, "cs", GPIO_ACTIVE_HIGH),
            GPIO_LOOKUP("emulated-matrix", 9, "sck", GPIO_ACTIVE_HIGH),
            GPIO_LOOKUP("emulated-matrix", 10, "mosi", GPIO_ACTIVE_HIGH),
            GPIO_LOOKUP("emulated-matrix", 11, "miso", GPIO_ACTIVE_HIGH),
            {},
        },
};

static struct platform_device *controller;

/* spidev takes only parts by name; this is one of those that it knows. */
static int add_device(void)
{
	struct spi_board_info info = {.modalias = "dh2228fv", .max_speed_hz = 4000000};
	struct device *dev = device_find_child_by_name(&controller->dev, "spi0");
	int result;

	if (!dev)
		return -ENODEV;
	result = spi_new_device(container_of(dev, struct spi_controller, dev), &info) ? 0 : -ENODEV;
	put_device(dev);
	return result;
}

static void remove(void)
{
	platform_device_unregister(controller);
	gpiod_remove_lookup_table(&lines);
	controller = NULL;
}

static int add(void)
{
	struct spi_gpio_platform_data data = {.num_chipselect = 1};
	int result;

	gpiod_add_lookup_table(&lines);
	controller = platform_device_register_data(NULL, "spi_gpio", 0, &data, sizeof(data));
	if (IS_ERR(controller)) {
		result = PTR_ERR(controller);
		gpiod_remove_lookup_table(&lines);
		controller = NULL;
		return result;
	}
	result = add_device();
	if (result)
		remove();
	return result;
}

static int on_set(const char *text, const struct kernel_param *param)
{
	bool on;
	int result = kstrtobool(text, &on);

	if (result)
		return result;
	if (on && !controller)
		return matrix_bank.live ? add() : -ENODEV;
	if (!on && controller)
		remove();
	return 0;
}

static int on_get(char *text, const struct kernel_param *param)
{
	return sprintf(text, "%d\n", controller != NULL);
}

static const struct kernel_param_ops on_ops = {
    .set = on_set,
    .get = on_get,
};
module_param_cb(matrix_spidev, &on_ops, NULL, 0644);

void spidev_finish(void)
{
	if (controller)
		remove();
}
