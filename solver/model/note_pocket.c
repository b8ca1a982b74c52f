/* SPDX-License-Identifier: GPL-3.0-or-later
 * A note for each place that is not served from the road nearest to it, because that one leads into
 * a dead pocket: which road was passed over and why, and which was taken. */
#include "base/error.h"
#include "model/seal.h"
#include "road/cut_off.h"

enum { MAX_NAMED = 20 };

static kerb_status find_cuts(ki_seal *seal, int32_t travel) {
    ki_cut_off found;
    if (!seal->cuts)
        seal->cuts =
            ki_arena_alloc(&seal->scratch, (size_t)seal->model->n_travels, sizeof *seal->cuts);
    if (!seal->cuts) return ki_fail_no_memory(seal->err, "dead pockets");
    if (seal->cuts[travel]) return KERB_OK;
    KI_TRY(ki_cut_off_find(&found, seal->model->travels[travel].profile, seal->closed,
                           &seal->scratch, seal->err));
    seal->cuts[travel] = found.of_arc;
    return KERB_OK;
}

kerb_status ki_seal_note_pocket(ki_seal *seal, const char *what, const char *id,
                                const ki_access_list *access) {
    const ki_snap *passed = &access->passed;
    if (!seal->graph || passed->passed_arc < 0 || seal->n_passed++ >= MAX_NAMED) return KERB_OK;
    KI_TRY(find_cuts(seal, access->passed_by));
    int cut = seal->cuts[access->passed_by][passed->passed_arc];
    return ki_seal_note(
        seal, "dead_pocket",
        ki_seal_text(seal,
                     "%s: served from way %lld, %.1f m away; nearer is way %lld, %.1f m, but: %s",
                     ki_seal_text(seal, "%s %s", what, id),
                     (long long)ki_arc_way(seal->graph, passed->places[0].arc)->osm_id,
                     passed->distance_mm / 1e3,
                     (long long)ki_arc_way(seal->graph, passed->passed_arc)->osm_id,
                     passed->passed_mm / 1e3, kerb_cut_text((kerb_cut)cut)));
}

kerb_status ki_seal_note_pockets_end(ki_seal *seal) {
    if (seal->n_passed <= MAX_NAMED) return KERB_OK;
    return ki_seal_note(seal, "dead_pocket",
                        ki_seal_text(seal, "... and %zu more places past dead pockets",
                                     seal->n_passed - MAX_NAMED));
}
