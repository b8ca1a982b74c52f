/* SPDX-License-Identifier: GPL-3.0-or-later
 * charge.c - how long a battery takes to charge, along its curve. */
#include "model/model.h"

#define LONGEST_MS ((int64_t)1 << 30) /* beyond any horizon */

int64_t ki_charge_ms(const ki_type *type, const ki_tip *tip, int64_t used_nwh) {
    int64_t level_nwh = used_nwh < type->full_nwh ? type->full_nwh - used_nwh : 0, ms = 0;
    int64_t until_nwh = type->full_nwh - tip->short_nwh;
    for (int32_t part = 0; part < type->n_charge_parts; part++) {
        const ki_charge_part *at = &type->charge_parts[part];
        int64_t end_nwh = part + 1 < type->n_charge_parts ? at[1].from_nwh : type->full_nwh;
        if (end_nwh > until_nwh) end_nwh = until_nwh;
        int64_t from_nwh = at->from_nwh > level_nwh ? at->from_nwh : level_nwh;
        int64_t power_mw = at->most_mw < tip->charge_mw ? at->most_mw : tip->charge_mw;
        /* 1 ms at 1 mW is 1e-6 / 3.6 Wh: 10/36 nwh */
        if (end_nwh > from_nwh)
            ms += ((end_nwh - from_nwh) * 36 + 10 * power_mw - 1) / (10 * power_mw);
    }
    return ms < LONGEST_MS ? ms : LONGEST_MS;
}
