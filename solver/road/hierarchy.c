/* SPDX-License-Identifier: GPL-3.0-or-later
 * hierarchy.c - the one hierarchy of a profile. A profile is immutable but for this: two threads
 * that ask at once both build, the same, and one of the two is kept. */
#include "road/hierarchy.h"

#include "base/alloc.h"
#include "base/error.h"

#include <stdatomic.h>

typedef struct ki_hierarchy_slot {
    _Atomic(ki_hierarchy *) hierarchy;
} ki_hierarchy_slot;

kerb_status ki_hierarchy_slot_new(ki_profile *profile, kerb_error *err) {
    profile->hierarchy = ki_arena_alloc(&profile->arena, 1, sizeof *profile->hierarchy);
    if (!profile->hierarchy) return ki_fail_no_memory(err, "a road profile");
    atomic_init(&profile->hierarchy->hierarchy, NULL);
    return KERB_OK;
}

void ki_hierarchy_slot_free(ki_profile *profile) {
    if (profile->hierarchy) ki_hierarchy_free(atomic_load(&profile->hierarchy->hierarchy));
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
