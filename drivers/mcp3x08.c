#include "drivers/mcp3x08.h"

void mcp3x08_command(enum mcp3x08 type, unsigned channel, uint8_t out[static MCP3X08_BYTES])
{
	if (type == MCP3208) {
		out[0] = (uint8_t)(0x06 | channel >> 2);
		out[1] = (uint8_t)((channel & 3) << 6);
	} else {
		out[0] = 0x01;
		out[1] = (uint8_t)((8 | channel) << 4);
	}
	out[2] = 0;
}

int mcp3x08_full_scale(enum mcp3x08 type)
{
	return type == MCP3208 ? 0xfff : 0x3ff;
}

int mcp3x08_decode(enum mcp3x08 type, const uint8_t in[static MCP3X08_BYTES])
{
	int word = in[1] << 8 | in[2], full_scale = mcp3x08_full_scale(type);

	return word & (full_scale + 1) ? -1 : word & full_scale;
}
