/* SPDX-License-Identifier: GPL-3.0-or-later
 * service.h - when trucks come. */
#ifndef KI_SERVICE_H
#define KI_SERVICE_H
#include "demand/forecast.h"
#include "demand/habit.h"
#include "model/draft.h"

/* The span in which trucks come, instants: from the first shift's start to when the last has been
 * out for a share of its plain hours, since most are home long before their shift is over. Both the
 * start of the night where there are no trucks. */
void ki_truck_hours(const ki_draft *draft, double share, int64_t *from_s, int64_t *to_s);
/* What forecasts of tonight are for: service_s and spread_s of *out, as the district's way to
 * forecast asks; as_of_s, utc_offset_s and forecast too. Never before as-of. */
void ki_forecast_tonight(ki_forecast_times *out, const ki_draft *draft);
/* ... and of the days around it: what the district says of holidays and drop-off hours, and where
 * containers stand; nothing before KI_FORECAST_HABITS. In the arena. Fails with KERB_NO_MEMORY. */
kerb_status ki_forecast_words(ki_forecast_times *out, ki_arena *arena, const ki_draft *draft,
                              kerb_error *err);
#endif
