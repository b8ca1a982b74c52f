/* SPDX-License-Identifier: GPL-3.0-or-later
 * modal.h - the moves of the descent where tasks have several modes: priced by the cheapest modes
 * of the whole route. */
#ifndef KI_MODAL_H
#define KI_MODAL_H
#include "search/descent.h"

/* Prices from both ends of a route to each mode of a node, as it is driven and turned round:
 *
 *   start ─ ... ─ node   head   start ─ last ─ ... ─ node   head_back
 *   node ─ ... ─ end     tail   node ─ ... ─ first ─ end    tail_back
 *
 * A node's own service is in heads only. The least of each over the modes is kept, too. */
typedef struct ki_ends {
    int64_t head[KI_MOST_MODES], tail[KI_MOST_MODES];
    int64_t head_back[KI_MOST_MODES], tail_back[KI_MOST_MODES];
    int64_t least[4];          /* head, tail, head_back, tail_back */
    int64_t along_mm, back_mm; /* least legs from the start to here, and the other way */
} ki_ends;

kerb_status ki_modal_init(ki_descent *descent, ki_work *work, kerb_error *err);
/* A route has changed: prices from both its ends. */
void ki_modal_refresh(ki_descent *descent, int32_t route);
/* Moves that make u, a task, and v, a task or the start of a route, neighbours. 1 if one was made.
 */
int ki_modal_try(ki_descent *descent, int32_t u, int32_t v);
#endif
