/* SPDX-License-Identifier: GPL-3.0-or-later
 * The order of the rules is the order in which a person would argue: what was ordered, what is
 * full, what would overflow before the next chance, what the contract's interval asks, what is
 * worth a stop if a truck passes.
 *
 * What a may is worth. Left alone, it becomes a must in w nights and costs an average stop then;
 * emptied tonight, that stop is saved, but its successor comes earlier. Over many cycles of n = e +
 * w nights (e since it was empty) the saving is the share e / n of a stop: renewal-reward. On top
 * comes the overflow that waiting one night risks. */
#include "demand/select.h"

#include "base/date.h"
#include "base/normal.h"

#include <math.h>

double ki_overflow_chance(const ki_forecast *forecast, int nights) {
    double mean = forecast->fill_ratio, variance = forecast->sd_ratio * forecast->sd_ratio;
    double night = forecast->fill_next_ratio - forecast->fill_ratio;
    double night_variance = forecast->sd_next_ratio * forecast->sd_next_ratio - variance;
    if (nights > 0) {
        mean += night + (nights - 1) * forecast->rate_per_day;
        variance += nights * fmax(0, night_variance);
    }
    return ki_chance_above(1, mean, variance);
}

double ki_overflow_limit(const kerb_district *district) {
    return district->overflow_chance > 0 ? district->overflow_chance : KI_OVERFLOW_CHANCE;
}

int ki_nights_to_wait(const kerb_district *district, const ki_forecast *forecast) {
    int nights = 0;
    while (nights < KI_LOOKAHEAD_NIGHTS &&
           ki_overflow_chance(forecast, nights + 1) <= ki_overflow_limit(district))
        nights++;
    return nights;
}

double ki_nights_since(const ki_forecast *forecast) {
    return forecast->rate_per_day > 0 ? forecast->fill_ratio / forecast->rate_per_day
                                      : KI_LOOKAHEAD_NIGHTS;
}

int ki_nights_to_next(const kerb_district *district) {
    return district->nights_to_next > 1 ? district->nights_to_next : 1;
}

/* It waits for a night on which trucks go out. */
static double prize_of_may(const kerb_district *district, const ki_forecast *forecast,
                           double stop_price) {
    int next = ki_nights_to_next(district);
    double since = ki_nights_since(forecast);
    double share = since / (since + ki_nights_to_wait(district, forecast) / next * next);
    return stop_price * share +
           district->price_overflow_per_day * ki_overflow_chance(forecast, next);
}

/* Due before the next night's service. Counted from the last emptying known or seen; without one,
 * from the first report; without any, it is due. */
int ki_interval_due(const kerb_container *container, const ki_forecast *forecast,
                    int64_t service_s) {
    if (!(container->max_interval_days > 0)) return 0;
    int64_t since_s = forecast->emptied_s;
    if (since_s == KERB_NO_TIME) since_s = forecast->first_report_s;
    if (since_s == KERB_NO_TIME) return 1;
    double age_next_s = (double)(service_s + KI_DAY_S - since_s);
    return age_next_s > container->max_interval_days * KI_DAY_S;
}

int ki_nights_until_must(const kerb_district *district, const kerb_container *container,
                         const ki_forecast *forecast, int64_t service_s) {
    int nights = 0, most = ki_nights_to_wait(district, forecast);
    while (nights < most &&
           forecast->fill_ratio + nights * forecast->rate_per_day < district->must_ratio &&
           !ki_interval_due(container, forecast, service_s + nights * KI_DAY_S))
        nights++;
    return nights;
}

ki_selection ki_select(const kerb_district *district, const kerb_container *container,
                       const ki_forecast *forecast, int64_t service_s, double stop_price) {
    double must_price = district->price_unserved_must;
    const char *out = ki_forced_out(container->force);
    if (out) return (ki_selection){KI_SKIP, out, 0};
    if (container->force == KERB_FORCE_FULL)
        return (ki_selection){KI_MUST, "overflowing", must_price};
    if (container->force == KERB_FORCE_IN) return (ki_selection){KI_MUST, "forced_in", must_price};
    if (forecast->fill_ratio >= district->must_ratio)
        return (ki_selection){KI_MUST, "fill_above_must", must_price};
    int next = ki_nights_to_next(district);
    if (ki_overflow_chance(forecast, next) > ki_overflow_limit(district))
        return (ki_selection){KI_MUST, "overflow_likely", must_price};
    if (ki_interval_due(container, forecast, service_s + (next - 1) * KI_DAY_S))
        return (ki_selection){KI_MUST, "interval_due", must_price};
    if (forecast->fill_ratio >= district->may_ratio)
        return (ki_selection){KI_MAY, "fill_above_may",
                              prize_of_may(district, forecast, stop_price)};
    return (ki_selection){KI_SKIP, "fill_below_may", 0};
}
