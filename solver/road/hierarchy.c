/* SPDX-License-Identifier: GPL-3.0-or-later
 * hierarchy.c - the one hierarchy of a profile. A profile is immutable but for this: two threads
 * that ask at once both build, the same, and one of the two is kept. */
#include "road/hierarchy.h"

#include "base/alloc.h"
#include "base/error.h"
#include "road/ch_query.h"
#include "road/phast_select.h"

#include <stdatomic.h>

typedef struct ki_hierarchy_slot {
    _Atomic(ki_hierarchy *) hierarchy;
    _Atomic(ki_ch_query *) query; /* NULL: in use, or none yet */
    _Atomic(ki_selection *) selection;
} ki_hierarchy_slot;

kerb_status ki_hierarchy_slot_new(ki_profile *profile, kerb_error *err) {
    profile->hierarchy = ki_arena_alloc(&profile->arena, 1, sizeof *profile->hierarchy);
    if (!profile->hierarchy) return ki_fail_no_memory(err, "a road profile");
    atomic_init(&profile->hierarchy->hierarchy, NULL);
    atomic_init(&profile->hierarchy->query, NULL);
    atomic_init(&profile->hierarchy->selection, NULL);
    return KERB_OK;
}

void ki_hierarchy_slot_free(ki_profile *profile) {
    if (!profile->hierarchy) return;
    ki_hierarchy_free(atomic_load(&profile->hierarchy->hierarchy));
    ki_ch_query_free(atomic_load(&profile->hierarchy->query));
    ki_selection_free(atomic_load(&profile->hierarchy->selection));
}

int ki_profile_has_hierarchy(const ki_profile *profile) {
    return atomic_load(&profile->hierarchy->hierarchy) != NULL;
}

kerb_status ki_profile_hierarchy(const ki_hierarchy **out, const ki_profile *profile,
                                 kerb_error *err) {
    ki_hierarchy *built, *known = atomic_load(&profile->hierarchy->hierarchy);
    *out = known;
    if (known) return KERB_OK;
    KI_TRY(ki_hierarchy_build(&built, profile, err));
    if (atomic_compare_exchange_strong(&profile->hierarchy->hierarchy, &known, built)) {
        *out = built;
        return KERB_OK;
    }
    ki_hierarchy_free(built);
    *out = known;
    return KERB_OK;
}

kerb_status ki_profile_take_query(ki_ch_query **out, const ki_profile *profile, kerb_error *err) {
    *out = atomic_exchange(&profile->hierarchy->query, NULL);
    return *out ? KERB_OK : ki_ch_query_new(out, atomic_load(&profile->hierarchy->hierarchy), err);
}

void ki_profile_return_query(const ki_profile *profile, ki_ch_query *query) {
    ki_ch_query_free(atomic_exchange(&profile->hierarchy->query, query));
}

kerb_status ki_profile_take_selection(ki_selection **out, const ki_profile *profile,
                                      kerb_error *err) {
    *out = atomic_exchange(&profile->hierarchy->selection, NULL);
    return *out ? KERB_OK : ki_selection_new(out, atomic_load(&profile->hierarchy->hierarchy), err);
}

void ki_profile_return_selection(const ki_profile *profile, ki_selection *selection) {
    ki_selection_free(atomic_exchange(&profile->hierarchy->selection, selection));
}
