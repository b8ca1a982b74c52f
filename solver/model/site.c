/* SPDX-License-Identifier: GPL-3.0-or-later
 * Containers that are to be emptied, or may be: one task each, with a mode for each way its site
 * can be approached in each of its windows. Containers of one site share the points, so that
 * set-up is paid once for consecutive ones. */
#include "base/error.h"
#include "demand/outing.h"
#include "model/seal.h"

#include <math.h>

/* A truck never counts on an empty container: at least this part of its volume is planned. */
static const double MIN_LOAD_RATIO = 0.05;

static ki_task task_of(const ki_seal *seal, int32_t index) {
    const kerb_container *container = &seal->draft->containers[index];
    const ki_forecast *forecast = &seal->forecasts[index];
    int32_t site = ki_ids_find(&seal->ids.sites, container->site_id);
    double full_kg = container->volume_l * container->density_kg_per_l;
    double volume_l = fmax(forecast->volume_l, MIN_LOAD_RATIO * container->volume_l);
    if (container->swapped) volume_l = container->volume_l; /* of the skip itself */
    double prize =
        ki_select(&seal->draft->district, container, forecast, seal->service_s, seal->stop_price)
            .prize +
        seal->outings[index].prize;
    return (ki_task){.id = container->id,
                     .source = index,
                     .site = site,
                     .kind = KI_TASK_CONTAINER,
                     .stream = (uint8_t)container->stream,
                     .must = seal->model->container_decisions[index].choice == KI_MUST,
                     .group = KI_GROUP_COLLECTION,
                     .setup_ms = ki_seal_ms(seal->draft->sites[site].setup_s),
                     .prize_nano = ki_seal_nano(prize),
                     .mass_g = ki_seal_milli(fmax(forecast->mass_kg, MIN_LOAD_RATIO * full_kg)),
                     .volume_ml = ki_seal_milli(volume_l)};
}

static kerb_status add_container(ki_seal *seal, int32_t index, const ki_span *spans,
                                 size_t n_spans) {
    if (seal->access.n == 0 && ki_seal_group_travels(seal, KI_GROUP_COLLECTION) != 0)
        return ki_seal_cannot(seal, KI_TASK_CONTAINER, index,
                              ki_cannot_of_snap(seal->access.cause));
    if (n_spans == 0) return ki_seal_cannot(seal, KI_TASK_CONTAINER, index, KI_CANNOT_NO_WINDOW);
    ki_choice choice = seal->model->container_decisions[index].choice;
    if (choice != KI_MUST && choice != KI_MAY) return KERB_OK;
    ki_task task = task_of(seal, index);
    return ki_seal_add_task(seal, &task, &seal->access, spans, n_spans);
}

/* Containers by site, in the order of the draft: next[c] is the next container at c's site. */
static kerb_status link_by_site(ki_seal *seal, int32_t **first, int32_t **next) {
    const ki_draft *draft = seal->draft;
    *first = ki_arena_alloc(&seal->scratch, draft->n_sites, sizeof **first);
    *next = ki_arena_alloc(&seal->scratch, draft->n_containers, sizeof **next);
    if (!*first || !*next) return ki_fail_no_memory(seal->err, "containers");
    for (size_t site = 0; site < draft->n_sites; site++)
        (*first)[site] = -1;
    for (size_t back = draft->n_containers; back > 0; back--) {
        int32_t site = ki_ids_find(&seal->ids.sites, draft->containers[back - 1].site_id);
        (*next)[back - 1] = (*first)[site];
        (*first)[site] = (int32_t)back - 1;
    }
    return KERB_OK;
}

static int wants_service(const ki_seal *seal, int32_t first, const int32_t *next) {
    for (int32_t container = first; container >= 0; container = next[container]) {
        ki_choice choice = seal->model->container_decisions[container].choice;
        if (choice == KI_MUST || choice == KI_MAY) return 1;
    }
    return 0;
}

/* Sites that nobody is to serve tonight are left out of the matrix; but those that no truck could
 * reach are counted, before the night on which it matters. */
static void look_at_idle_site(ki_seal *seal, const kerb_site *site) {
    uint64_t travels = ki_seal_group_travels(seal, KI_GROUP_COLLECTION);
    if (!seal->graph || travels == 0) return;
    for (int32_t travel = 0; travel < seal->model->n_travels; travel++) {
        ki_snap found;
        if (!(travels >> travel & 1)) continue;
        ki_snap_place(seal->snap, seal->model->travels[travel].profile, &seal->crossing,
                      site->lat_deg, site->lon_deg, site->approach, &found);
        if (found.n_places) return;
    }
    seal->n_idle_sites++;
}

static kerb_status add_site(ki_seal *seal, int32_t index, int32_t first, const int32_t *next) {
    const kerb_site *site = &seal->draft->sites[index];
    if (!wants_service(seal, first, next)) {
        if (first >= 0) look_at_idle_site(seal, site);
        return KERB_OK;
    }
    ki_span *spans;
    size_t n_spans;
    KI_TRY(ki_seal_spans(seal, site->windows, site->n_windows, &spans, &n_spans));
    KI_TRY(ki_seal_access(seal, KI_GROUP_COLLECTION, site->id, site->lat_deg, site->lon_deg,
                          site->approach, &seal->access));
    KI_TRY(ki_seal_note_pocket(seal, "site", site->id, &seal->access));
    for (int32_t container = first; container >= 0; container = next[container]) {
        ki_choice choice = seal->model->container_decisions[container].choice;
        if (choice == KI_MUST || choice == KI_MAY)
            KI_TRY(add_container(seal, container, spans, n_spans));
    }
    return KERB_OK;
}

kerb_status ki_seal_containers(ki_seal *seal) {
    int32_t *first, *next;
    KI_TRY(link_by_site(seal, &first, &next));
    for (size_t site = 0; site < seal->draft->n_sites; site++)
        KI_TRY(add_site(seal, (int32_t)site, first[site], next));
    return KERB_OK;
}
