/*
 * Made by `lumbar train support -o src/body/support_scale.h --seed 1 --people 200`; do not edit.
 */
#ifndef LUMBAR_BODY_SUPPORT_SCALE_H
#define LUMBAR_BODY_SUPPORT_SCALE_H

/* ln of the gradient per metre: on 70 kPa/m, and what half the stiffness adds. */
#define SUPPORT_MIDDLE  2.439f
#define SUPPORT_HALVING (-0.1027f)

#endif
