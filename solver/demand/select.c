/* SPDX-License-Identifier: GPL-3.0-or-later
 * Thresholds with a prize, as operators set them. The order of the rules is the order in which a
 * person would argue: what was ordered, what overflows, what the contract's interval asks, what is
 * worth a stop if a truck passes. */
#include "demand/select.h"

enum { DAY_S = 86400 };

double ki_overflow_days(double fill_next_ratio, double may_ratio) {
    if (may_ratio >= 1) return fill_next_ratio >= 1 ? 1 : 0;
    double part = (fill_next_ratio - may_ratio) / (1 - may_ratio);
    if (part <= 0) return 0;
    return part < 2 ? part * part : 4;
}

/* Due before the next night's service. Counted from the last emptying known or seen; without one,
 * from the first report; without any, it is due. */
int ki_interval_due(const kerb_container *container, const ki_forecast *forecast,
                    int64_t service_s) {
    if (!(container->max_interval_days > 0)) return 0;
    int64_t since_s = forecast->emptied_s;
    if (since_s == KERB_NO_TIME) since_s = forecast->first_report_s;
    if (since_s == KERB_NO_TIME) return 1;
    double age_next_s = (double)(service_s + DAY_S - since_s);
    return age_next_s > container->max_interval_days * DAY_S;
}

ki_selection ki_select(const kerb_district *district, const kerb_container *container,
                       const ki_forecast *forecast, int64_t service_s) {
    double must_price = district->price_unserved_must;
    if (container->force == KERB_FORCE_OUT) return (ki_selection){KI_SKIP, "forced_out", 0};
    if (container->force == KERB_FORCE_IN) return (ki_selection){KI_MUST, "forced_in", must_price};
    if (forecast->fill_ratio >= district->must_ratio)
        return (ki_selection){KI_MUST, "fill_above_must", must_price};
    if (ki_interval_due(container, forecast, service_s))
        return (ki_selection){KI_MUST, "interval_due", must_price};
    if (forecast->fill_ratio >= district->may_ratio) {
        double days = ki_overflow_days(forecast->fill_next_ratio, district->may_ratio);
        return (ki_selection){KI_MAY, "fill_above_may", district->price_overflow_per_day * days};
    }
    return (ki_selection){KI_SKIP, "fill_below_may", 0};
}
