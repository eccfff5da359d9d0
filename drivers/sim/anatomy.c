/*
 * Widths and depths are of an adult woman with a body mass index of 23. Lifts: L3 stands 15-50 mm
 * above the line of thorax and pelvis, the buttocks reach 10 mm below it (docs/methods.md, 7);
 * the other lifts were set by eye against real maps (head, shoulders, hips, calves, heels).
 */
#include "drivers/sim/anatomy.h"

#define COUNT(ribs) (sizeof(ribs) / sizeof((ribs)[0]))

const double anatomy_node_ratio[ANATOMY_NODES] = {0, .13, .33, .43, .55, .74, 1};
const double anatomy_link_mass_ratio[ANATOMY_NODES - 1] = {.067, .245, .14, .22, .206, .122};

/* part, new, station, y, x, half width, half depth, lift mm, lumbar */
static const struct anatomy_rib supine[] = {
    {PART_TRUNK, 1, .040, .040, 0, .036, .045, 2, 0},
    {PART_TRUNK, 0, .058, .058, 0, .036, .045, 0, 0},
    {PART_TRUNK, 0, .085, .085, 0, .030, .040, 90, 0},
    {PART_TRUNK, 0, .13, .13, 0, .040, .040, 75, 0},
    {PART_TRUNK, 0, .155, .155, 0, .100, .034, 34, 0},
    {PART_TRUNK, 0, .18, .18, 0, .126, .034, 10, 0},
    {PART_TRUNK, 0, .215, .215, 0, .120, .038, 0, 0},
    {PART_TRUNK, 0, .25, .25, 0, .106, .042, 0, 0},
    {PART_TRUNK, 0, .29, .29, 0, .096, .046, 4, 0},
    {PART_TRUNK, 0, .33, .33, 0, .092, .046, 6, .3},
    {PART_TRUNK, 0, .38, .38, 0, .088, .046, 0, 1},
    {PART_TRUNK, 0, .43, .43, 0, .100, .048, 0, .45},
    {PART_TRUNK, 0, .48, .48, 0, .110, .052, -6, 0},
    {PART_TRUNK, 0, .51, .51, 0, .110, .054, -10, 0},
    {PART_TRUNK, 0, .55, .55, 0, .100, .056, 14, 0},
    {PART_LEG, 1, .55, .55, .054, .052, .045, 16, 0},
    {PART_LEG, 0, .60, .60, .058, .048, .045, 34, 0},
    {PART_LEG, 0, .65, .65, .060, .044, .042, 46, 0},
    {PART_LEG, 0, .70, .70, .062, .038, .038, 56, 0},
    {PART_LEG, 0, .74, .74, .064, .033, .035, 58, 0},
    {PART_LEG, 0, .78, .78, .066, .034, .034, 30, 0},
    {PART_LEG, 0, .81, .81, .067, .033, .034, 18, 0},
    {PART_LEG, 0, .86, .86, .069, .027, .030, 24, 0},
    {PART_LEG, 0, .925, .925, .071, .018, .022, 36, 0},
    {PART_LEG, 0, .96, .96, .072, .019, .030, 2, 0},
    {PART_LEG, 0, .97, .97, .073, .019, .030, 1, 0},
    {PART_ARM, 1, 0, .18, .125, .028, .026, 0, 0},
    {PART_ARM, 0, .5, .32, .150, .025, .024, -2, 0},
    {PART_ARM, 0, .75, .40, .160, .020, .020, 4, 0},
    {PART_ARM, 0, 1, .48, .165, .021, .016, -3, 0},
};

static const struct anatomy_rib side[] = {
    {PART_TRUNK, 1, .03, .03, .022, .040, .046, 22, 0},
    {PART_TRUNK, 0, .075, .075, .022, .042, .046, 20, 0},
    {PART_TRUNK, 0, .13, .13, .012, .032, .040, 55, 0},
    {PART_TRUNK, 0, .16, .16, .014, .052, .090, 6, 0},
    {PART_TRUNK, 0, .18, .18, .016, .062, .100, -4, 0},
    {PART_TRUNK, 0, .23, .23, .012, .066, .095, 4, 0},
    {PART_TRUNK, 0, .29, .29, .006, .067, .090, 9, 0},
    {PART_TRUNK, 0, .33, .33, .003, .065, .085, 14, 0},
    {PART_TRUNK, 0, .38, .38, 0, .062, .080, 8, .6},
    {PART_TRUNK, 0, .43, .43, -.003, .068, .090, 12, 0},
    {PART_TRUNK, 0, .48, .48, -.006, .075, .100, -3, 0},
    {PART_TRUNK, 0, .52, .52, -.004, .076, .104, -9, 0},
    {PART_TRUNK, 0, .55, .55, .004, .066, .095, -4, 0},
    {PART_LEG, 1, .55, .53, .012, .055, .055, -4, 0},
    {PART_LEG, 0, .65, .61, .075, .044, .045, 6, 0},
    {PART_LEG, 0, .74, .69, .130, .032, .034, 0, 0},
    {PART_LEG, 0, .82, .765, .100, .031, .032, 8, 0},
    {PART_LEG, 0, .90, .845, .055, .023, .024, 16, 0},
    {PART_LEG, 0, .96, .905, .022, .019, .024, 2, 0},
    {PART_LEG, 0, 1, .93, .055, .016, .016, 5, 0},
    {PART_TOP_LEG, 1, .55, .53, .020, .055, .055, 70, 0},
    {PART_TOP_LEG, 0, .65, .595, .095, .044, .045, 40, 0},
    {PART_TOP_LEG, 0, .74, .655, .170, .032, .034, 12, 0},
    {PART_TOP_LEG, 0, .82, .73, .140, .030, .032, 18, 0},
    {PART_TOP_LEG, 0, .90, .81, .100, .023, .024, 22, 0},
    {PART_TOP_LEG, 0, .97, .87, .075, .019, .022, 8, 0},
    {PART_ARM, 1, 0, .18, .055, .026, .026, 0, 0},
    {PART_ARM, 0, .5, .27, .130, .023, .024, -2, 0},
    {PART_ARM, 0, .75, .225, .165, .019, .020, 4, 0},
    {PART_ARM, 0, 1, .16, .195, .020, .016, -3, 0},
    {PART_TOP_ARM, 1, 0, .22, .080, .024, .026, 60, 0},
    {PART_TOP_ARM, 0, .5, .31, .160, .022, .024, 0, 0},
    {PART_TOP_ARM, 0, .75, .30, .195, .018, .020, 4, 0},
    {PART_TOP_ARM, 0, 1, .28, .235, .019, .016, -3, 0},
};

static const struct anatomy_rib prone[] = {
    {PART_TRUNK, 1, .035, .035, .012, .042, .046, 6, 0},
    {PART_TRUNK, 0, .080, .080, .012, .040, .046, 10, 0},
    {PART_TRUNK, 0, .13, .13, 0, .034, .040, 34, 0},
    {PART_TRUNK, 0, .16, .16, 0, .085, .060, 14, 0},
    {PART_TRUNK, 0, .19, .19, 0, .108, .065, 3, 0},
    {PART_TRUNK, 0, .24, .24, 0, .104, .070, -8, 0},
    {PART_TRUNK, 0, .29, .29, 0, .090, .068, 2, 0},
    {PART_TRUNK, 0, .33, .33, 0, .085, .065, 4, 0},
    {PART_TRUNK, 0, .38, .38, 0, .085, .066, -4, 0},
    {PART_TRUNK, 0, .43, .43, 0, .092, .070, -3, 0},
    {PART_TRUNK, 0, .48, .48, 0, .100, .070, 1, 0},
    {PART_TRUNK, 0, .52, .52, 0, .098, .068, 5, 0},
    {PART_TRUNK, 0, .55, .55, 0, .092, .062, 8, 0},
    {PART_LEG, 1, .55, .55, .050, .052, .050, 6, 0},
    {PART_LEG, 0, .64, .64, .058, .046, .046, -2, 0},
    {PART_LEG, 0, .74, .74, .062, .034, .036, 0, 0},
    {PART_LEG, 0, .80, .80, .064, .028, .030, 14, 0},
    {PART_LEG, 0, .90, .90, .067, .021, .022, 18, 0},
    {PART_LEG, 0, .96, .96, .070, .018, .024, 6, 0},
    {PART_LEG, 0, 1, .985, .072, .018, .020, -4, 0},
    {PART_ARM, 1, 0, .18, .120, .026, .026, 6, 0},
    {PART_ARM, 0, .5, .20, .215, .023, .024, -2, 0},
    {PART_ARM, 0, .75, .13, .205, .019, .020, 4, 0},
    {PART_ARM, 0, 1, .06, .170, .020, .016, -3, 0},
};

const struct anatomy anatomy_supine = {supine, COUNT(supine), 1};
const struct anatomy anatomy_side = {side, COUNT(side), 0};
const struct anatomy anatomy_prone = {prone, COUNT(prone), 1};
