/*
 * MCP3208 (12 bit) and MCP3008 (10 bit), eight-channel converters on SPI (mode 0). A conversion is
 * three bytes, with which the command and the answer lie at whole bits of bytes:
 *
 *	MCP3208  MOSI  00000 1 S d2 | d1 d0 000000 | 00000000      S = 1: single-ended
 *	         MISO  ........     | ... 0 b11-b8 | b7-b0         the 0 is the null bit
 *	MCP3008  MOSI  0000000 1    | S d2 d1 d0 0000 | 00000000
 *	         MISO  ........     | ..... 0 b9-b8 | b7-b0
 *
 * Source: Microchip DS21298 (MCP3208), figure 6-1; DS21295 (MCP3008), figure 6-1.
 */
#ifndef LUMBAR_DRIVERS_MCP3X08_H
#define LUMBAR_DRIVERS_MCP3X08_H

#include <stdint.h>

enum mcp3x08 { MCP3208, MCP3008 };
#define MCP3X08_NAMES    "mcp3208 mcp3008" /* for an option row: in the enum's order */
#define MCP3X08_CHANNELS 8
#define MCP3X08_BYTES    3

/* Longer than this from the sample to the last bit, and its capacitor has lost charge (DS21298, 6.2). */
#define MCP3X08_HOLD_NS 1200000

/* What to send for `channel`, 0 to 7. */
void mcp3x08_command(enum mcp3x08 type, unsigned channel, uint8_t out[static MCP3X08_BYTES]);

/* 0 to mcp3x08_full_scale(), or -1 when the null bit is no 0: nothing answers there. */
int mcp3x08_decode(enum mcp3x08 type, const uint8_t in[static MCP3X08_BYTES]);
int mcp3x08_full_scale(enum mcp3x08 type); /* 4095, 1023 */

#endif
