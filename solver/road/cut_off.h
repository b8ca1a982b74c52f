/* SPDX-License-Identifier: GPL-3.0-or-later
 * cut_off.h - which part of the roads a vehicle cannot use, or can but not to any end, and why. */
#ifndef KI_CUT_OFF_H
#define KI_CUT_OFF_H
#include "road/profile.h"

/* Why an arc is no use. The reverse of a one-way street is no lane at all and not counted. */
typedef enum ki_cut {
    KI_CUT_NONE = 0,   /* open, and in the great component */
    KI_CUT_NO_WAY_OUT, /* open, but no way from there back to the great component */
    KI_CUT_NO_WAY_IN,  /* open, but no way to it */
    KI_CUT_TURNS,      /* open and joined, yet neither way: turns or one-way streets forbid it */
    KI_CUT_DIMENSIONS, /* open, but behind a road too low, narrow, short or weak */
    KI_CUT_BARRIER,    /* open, but behind a gate, bollard or the like */
    KI_CUT_HOURS,      /* open, but behind a road closed tonight */
    KI_CUT_ACCESS,     /* open, but behind a road its tags or its class close */
    KI_CUT_BORDER,     /* open, but joined to nothing at the border of the extract */
    KI_CUT_ISLAND,     /* open, but joined to nothing in the midst of it */
    KI_CUT_SHUT_CLASS, /* closed itself: no road of this class is for this kind */
    KI_CUT_SHUT_ACCESS,
    KI_CUT_SHUT_HEIGHT,
    KI_CUT_SHUT_WIDTH,
    KI_CUT_SHUT_LENGTH,
    KI_CUT_SHUT_MASS,
    KI_CUT_SHUT_HOURS,
    KI_CUT_SHUT_SPEED, /* no speed, or so slow that a night would pass */
    KI_CUT_NO_LANE,    /* the way against a one-way street */
    KI_N_CUTS
} ki_cut;

typedef struct ki_cut_off {
    uint8_t *of_arc; /* [n_arcs] ki_cut, in the arena given */
    size_t n_arcs[KI_N_CUTS];
    int64_t length_mm[KI_N_CUTS];
} ki_cut_off;

/* closed: as given to ki_profile_build. */
kerb_status ki_cut_off_find(ki_cut_off *out, const ki_profile *profile, const uint8_t *closed,
                            ki_arena *arena, kerb_error *err);
/* Open arcs in all, and those among them in the great component. */
void ki_cut_off_share(const ki_profile *profile, int64_t *open_mm, int64_t *main_mm);
#endif
