/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bytes as an Execution message to learn from: unpacked, and learnt with a small district. */
#include "io/messages_night.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes) {
    static kerb_site site = {.id = "S1", .setup_s = 30};
    static kerb_container bin = {.id = "C1",
                                 .site_id = "S1",
                                 .stream = KERB_STREAM_FOOD,
                                 .volume_l = 240,
                                 .density_kg_per_l = 0.2,
                                 .service_s = 40};
    ki_draft draft = {.sites = &site, .n_sites = 1, .containers = &bin, .n_containers = 1};
    ki_arena arena = {0};
    ki_learned learned;
    ki_night_log night;
    ki_learn_totals totals;
    kerb_error err = {0};
    memset(&learned, 0, sizeof learned);
    if (ki_night_unpack(&night, &arena, bytes, n_bytes, &err) == KERB_OK &&
        ki_learn_night(&learned, &draft, NULL, &night, &totals, &err) == KERB_OK) {
        double density = ki_learned_factor(&learned.density[KERB_STREAM_FOOD]);
        if (!(density >= 0.499 && density <= 2.001)) __builtin_trap();
    }
    ki_learned_free(&learned);
    ki_arena_free(&arena);
    return 0;
}
