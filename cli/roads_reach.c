/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads_reach.c - the part of an extract that kinds of vehicles cannot use, and why. */
#include "roads_reach.h"

/* Examples, not the district's own: what is common, and a robot as small as they come. */
static const struct {
    const char *name;
    kerb_vehicle vehicle;
} EXAMPLES[] = {
    {"truck without dimensions", {.use = KERB_USE_TRUCK}},
    {"truck 3.6 x 2.5 x 10 m, 26 t",
     {.use = KERB_USE_TRUCK, .height_m = 3.6, .width_m = 2.5, .length_m = 10, .mass_kg = 26000}},
    {"sweeper 2.8 x 2.2 x 5.5 m, 11 t",
     {.use = KERB_USE_SWEEPER, .height_m = 2.8, .width_m = 2.2, .length_m = 5.5, .mass_kg = 11000}},
    {"robot 1.8 x 1.2 x 2.5 m, 1.5 t",
     {.use = KERB_USE_ROBOT, .height_m = 1.8, .width_m = 1.2, .length_m = 2.5, .mass_kg = 1500}},
};
enum { N_EXAMPLES = sizeof EXAMPLES / sizeof *EXAMPLES };

static void add_cut(ki_text *to, double length_km, size_t n_arcs, const char *why) {
    ki_text_add(to, "      %9.1f %s %8zu  %s\n", length_km, ki_text_word(to, "km"), n_arcs,
                ki_text_word(to, why));
}

static void print_cuts(ki_text *to, const kerb_roads_reach *reach, int first, int end) {
    for (int cut = first; cut < end; cut++)
        if (reach->n_arcs[cut])
            add_cut(to, reach->length_km[cut], reach->n_arcs[cut], kerb_cut_text((kerb_cut)cut));
}

static void print_reach(ki_text *to, const char *name, const kerb_roads_reach *reach) {
    size_t n_main = reach->n_arcs[KERB_CUT_NONE];
    double main_km = reach->length_km[KERB_CUT_NONE], cut_km = reach->open_km - main_km;
    double closed_km = 0;
    for (int cut = KERB_CUT_SHUT_CLASS; cut < KERB_CUT_NO_LANE; cut++)
        closed_km += reach->length_km[cut];
    ki_text_add(to, "\n%s\n", ki_text_word(to, name));
    ki_text_say(to, "  open     %9.1f km %8zu lanes\n", reach->open_km, reach->n_open_arcs);
    ki_text_say(to, "  cut off  %9.1f km %8zu lanes, %.2f %%\n", cut_km,
                reach->n_open_arcs - n_main,
                reach->open_km > 0 ? 100 * cut_km / reach->open_km : 0);
    print_cuts(to, reach, KERB_CUT_NONE + 1, KERB_CUT_SHUT_CLASS);
    ki_text_say(to, "  closed   %9.1f km\n", closed_km);
    print_cuts(to, reach, KERB_CUT_SHUT_CLASS, KERB_CUT_NO_LANE);
}

kerb_status print_roads_reach(ki_text *to, const kerb_roads *roads, kerb_error *err) {
    kerb_roads_reach reach;
    for (int kind = 0; kind < N_EXAMPLES; kind++) {
        kerb_status status = kerb_roads_get_reach(roads, &EXAMPLES[kind].vehicle, &reach, err);
        if (status != KERB_OK) return status;
        print_reach(to, EXAMPLES[kind].name, &reach);
    }
    return KERB_OK;
}
