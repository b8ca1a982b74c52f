/* SPDX-License-Identifier: GPL-3.0-or-later
 * stand_in.h - weak stand-ins for the road engine, so that tests with explicit travel link without
 * it. Reaching one is a fault of the test. The linker takes these before it looks in the library.
 */
#ifndef TEST_STAND_IN_H
#define TEST_STAND_IN_H
#include "road/matrix.h"
#include "road/snap.h"

#include <stdlib.h>

#pragma GCC diagnostic ignored "-Wunused-parameter"
#define WEAK __attribute__((weak))

WEAK const char *kerb_stream_name(kerb_stream stream) {
    static const char *const NAMES[KERB_N_STREAMS] = {
        "unspecified", "residual", "food", "recyclable", "hazardous", "construction", "sweepings"};
    return (unsigned)stream < KERB_N_STREAMS ? NAMES[stream] : "unspecified";
}
WEAK kerb_status ki_profile_build(ki_profile **out, const ki_graph *graph,
                                  const ki_profile_spec *spec, const uint8_t *closed,
                                  kerb_error *err) {
    abort();
}
WEAK void ki_profile_free(ki_profile *profile) {
    if (profile) abort();
}
WEAK int32_t ki_profile_turn_ms(const ki_graph *graph, const ki_profile_spec *spec,
                                int32_t from_arc, int32_t to_arc) {
    abort();
}
WEAK kerb_status ki_snap_index_new(ki_snap_index **out, const ki_graph *graph, kerb_error *err) {
    abort();
}
WEAK void ki_snap_index_free(ki_snap_index *index) {
    if (index) abort();
}
WEAK void ki_snap_place(const ki_snap_index *index, const ki_profile *profile, double lat_deg,
                        double lon_deg, kerb_approach approach, ki_snap *out) {
    abort();
}
WEAK kerb_status ki_matrix_fill(const ki_profile *profile, const ki_place *places, int32_t n,
                                int threads, int32_t *time_ms, int32_t *length_mm,
                                kerb_error *err) {
    abort();
}
WEAK kerb_status ki_graph_find_run(const ki_graph *graph, int64_t way_id, int64_t from_node,
                                   int64_t to_node, ki_arena *arena, ki_run *run, kerb_error *err) {
    abort();
}
#endif
