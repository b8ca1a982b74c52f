/* SPDX-License-Identifier: GPL-3.0-or-later
 * diagnose.h - which corrections of the roads would gain most for a vehicle. */
#ifndef KI_DIAGNOSE_H
#define KI_DIAGNOSE_H
#include "base/text.h"
#include "road/profile.h"

typedef enum ki_remedy_kind {
    KI_REMEDY_ONE_WAY = 0, /* open the other direction of a one-way street */
    KI_REMEDY_LIMIT,       /* lift a limit of height, width, length or mass */
    KI_REMEDY_ACCESS,      /* open a road that its tags close */
    KI_REMEDY_GATE,        /* open a barrier, or lift its limit */
    KI_REMEDY_GAP,         /* add the link between two nodes that nearly meet */
    KI_N_REMEDIES
} ki_remedy_kind;

typedef struct ki_remedy {
    ki_remedy_kind kind;
    int32_t edge;      /* -1: none */
    int32_t node;      /* the gate, or the pocket's end at a gap; else -1 */
    int32_t pocket;    /* an edge that stands for the largest pocket it touches */
    int32_t point;     /* of the graph, on the other side of the gap; else -1 */
    int64_t gained_mm; /* of lanes that come into the great component, the remedy's own included */
    int32_t n_sites;   /* positions whose road does */
    int is_tried;      /* 1: counted on the network as it would be; 0: at least this, by what hangs
                          together beyond the gap */
} ki_remedy;

enum { KI_MAX_TRIED = 24, KI_TRIED_PER_POCKET = 3, KI_GAP_MM = 15000 };

typedef struct ki_diagnosis {
    ki_remedy *remedies; /* best first: by sites, then lanes, then kind and place */
    int32_t n_remedies;
    int64_t open_mm, main_mm;
    int32_t n_sites, n_sites_cut; /* whose nearest open road is cut off */
} ki_diagnosis;

/* Positions [n] in degrees; arrays of the diagnosis in the arena. */
kerb_status ki_diagnose(ki_diagnosis *out, const ki_graph *graph, const ki_profile_spec *spec,
                        const double *lat_deg, const double *lon_deg, size_t n, ki_arena *arena,
                        kerb_error *err);
void ki_diagnosis_print(const ki_diagnosis *of, const ki_graph *graph, const ki_profile_spec *spec,
                        int json, ki_text *out);
#endif
