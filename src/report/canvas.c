#include "report/canvas_ops.h"

const struct ink_look ink_looks[INK_COUNT] = {
#define INK(name, class, light, dark) [INK_##name] = {class, light, dark},
#include "report/inks.def"
#undef INK
};

void canvas_begin(struct canvas *canvas, const struct figure_size *size)
{
	canvas->ops->begin(canvas, size);
}

void canvas_end(struct canvas *canvas)
{
	canvas->ops->end(canvas);
}

void canvas_rect(struct canvas *canvas, double x, double y, double width, double height)
{
	canvas->ops->rect(canvas, x, y, width, height);
}

void canvas_circle(struct canvas *canvas, double x, double y, double radius)
{
	canvas->ops->circle(canvas, x, y, radius);
}

void canvas_move(struct canvas *canvas, double x, double y)
{
	canvas->ops->move(canvas, x, y);
}

void canvas_line(struct canvas *canvas, double x, double y)
{
	canvas->ops->line(canvas, x, y);
}

void canvas_fill(struct canvas *canvas, enum ink ink)
{
	canvas->ops->fill(canvas, ink);
}

void canvas_stroke(struct canvas *canvas, enum ink ink)
{
	canvas->ops->stroke(canvas, ink);
}

void canvas_fill_rgb(struct canvas *canvas, uint32_t rgb, bool crisp)
{
	canvas->ops->fill_rgb(canvas, rgb, crisp);
}

void canvas_link(struct canvas *canvas, const char *target, const char *title)
{
	canvas->ops->link(canvas, target, title);
}

void canvas_mirror(struct canvas *canvas, double width)
{
	canvas->ops->mirror(canvas, width);
}

void canvas_destroy(struct canvas *canvas)
{
	if (canvas)
		canvas->ops->destroy(canvas);
}
