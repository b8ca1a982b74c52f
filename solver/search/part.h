/* SPDX-License-Identifier: GPL-3.0-or-later
 * part.h - some tasks and shifts of a model as a model of their own.
 *
 * A model of thousands of tasks has matrices of hundreds of megabytes, and a search that looks here
 * and there in them waits for memory most of the time. The matrices of a part fit into the cache,
 * and parts are searched side by side. */
#ifndef KI_PART_H
#define KI_PART_H
#include "route/yard.h"

typedef struct ki_part {
    ki_model model;
    const ki_model *whole;
    int32_t *task_of; /* [model.n_tasks] in the whole */
    int32_t *type_of; /* [model.n_types] */
} ki_part;

/* tasks: [n_tasks], ascending, each once. n_shifts: [whole->n_types] how many of each lead may be
 * used. Holds nothing that must be freed but model.arena; the whole must outlive it. */
kerb_status ki_part_make(ki_part *part, const ki_model *whole, const int32_t *tasks,
                         int32_t n_tasks, const int32_t *n_shifts, kerb_error *err);
void ki_part_free(ki_part *part);
/* Where facilities are shared: what the routes of other groups, by group_of[owner], take up in the
 * yard is taken in the part. */
kerb_status ki_part_share(ki_part *part, const ki_yard *yard, const int32_t *group_of, int32_t own,
                          kerb_error *err);

/* The routes, each of which must have its tasks and its type in the part, in numbers of the part,
 * and back. stops: room for all stops. */
void ki_part_enter(const ki_part *part, const ki_route *routes, int32_t n_routes, ki_route *out,
                   ki_stop *stops);
void ki_part_leave(const ki_part *part, const ki_route *routes, int32_t n_routes, ki_route *out,
                   ki_stop *stops);
#endif
