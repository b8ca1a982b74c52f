/* SPDX-License-Identifier: GPL-3.0-or-later
 * phast_select.h - the nodes of a hierarchy that are of use to a set of arcs, and which of them are
 * folded into their children. */
#ifndef KI_PHAST_SELECT_H
#define KI_PHAST_SELECT_H
#include "road/hierarchy.h"

enum {
    KI_PICK_USED = 1,  /* edges down lead to a target */
    KI_PICK_SWEPT = 2, /* not folded: a row of the sweep */
    KI_PICK_PASSED = 4 /* on the way up of some source */
};

typedef struct ki_pick { /* a node of use */
    int32_t rank;
    int32_t first_child; /* into children, -1 ends */
    int32_t seen;        /* child entry of the list at hand, -1 none */
    int32_t n_in;        /* edges from rows */
    int32_t row;         /* for who lays them out */
    uint8_t marks;
} ki_pick;

typedef struct ki_pick_child { /* an edge down in the making */
    uint64_t label;
    int32_t pick, next;
} ki_pick_child;

/* Memory for every rank, of which a fill writes what it uses: kept with the profile, so that small
 * fills neither ask for it nor clear it. */
typedef struct ki_selection {
    int32_t *pick_of;  /* [ranks] -1 between fills */
    uint64_t *pending; /* bits of ranks to look at; none between fills */
    ki_pick *picks;    /* [ranks] in the order they were found in */
    int32_t *order;    /* [ranks] picks from low to high */
    int32_t n_picks, n_ordered;
    uint64_t *climbing;        /* as pending, of ranks on the way up */
    int32_t *passed, n_passed; /* [ranks] those, from low to high */
    ki_pick_child *children;
    size_t n_children, capacity;
    int32_t n_up, n_fold; /* edges up of nodes passed; edges of those passed and folded */
} ki_selection;

/* Fills a clean selection. arcs: sources and targets alike. The way up and the way down are looked
 * at side by side if there is a second thread. */
kerb_status ki_selection_fill(ki_selection *selection, const ki_profile *profile,
                              const ki_hierarchy *hierarchy, const int32_t *arcs, int32_t n_arcs,
                              int threads, kerb_error *err);
void ki_selection_clear(ki_selection *selection);
kerb_status ki_selection_new(ki_selection **out, const ki_hierarchy *hierarchy, kerb_error *err);
void ki_selection_free(ki_selection *selection);

/* hierarchy.c: the one kept with the profile, or a new one if another thread has it. Given back
 * clean. */
kerb_status ki_profile_take_selection(ki_selection **out, const ki_profile *profile,
                                      kerb_error *err);
void ki_profile_return_selection(const ki_profile *profile, ki_selection *selection);
#endif
