/* SPDX-License-Identifier: GPL-3.0-or-later
 * simulate_page.h - simulations side by side: several policies in the same worlds, their means and
 * how sure those are, as a table and as a page with the curves. */
#ifndef KI_SIMULATE_PAGE_H
#define KI_SIMULATE_PAGE_H
#include "base/text.h"
#include "io/simulate.h"

typedef struct ki_simulated { /* one policy in one world */
    ki_policy policy;
    uint64_t seed;
    ki_day total;
    ki_day *days; /* [n_days] of ki_runs */
} ki_simulated;

typedef struct ki_runs {
    const char *name, *currency; /* of the district; not owned */
    size_t n_containers;
    int32_t n_days;
    int n_policies, n_seeds;
    ki_simulated *runs; /* [n_policies][n_seeds] */
} ki_runs;

kerb_status ki_runs_new(ki_runs *out, int n_policies, int n_seeds, int32_t n_days, kerb_error *err);
void ki_runs_free(ki_runs *runs);

/* Whole numbers with commas between, at most `most`. */
kerb_status ki_seeds_read(uint64_t *seeds, int *n, int most, const char *list, kerb_error *err);

typedef enum ki_figure {
    KI_FIGURE_KM = 0,
    KI_FIGURE_HOURS,
    KI_FIGURE_SHIFTS,
    KI_FIGURE_TONNES,
    KI_FIGURE_EMPTIED,
    KI_FIGURE_FILL,      /* per cent, when emptied */
    KI_FIGURE_OVERFLOWS, /* container-days */
    KI_FIGURE_SERVICE,   /* per cent of what was thrown in that found room */
    KI_FIGURE_TIPS,      /* early ones */
    KI_FIGURE_COST,
    KI_N_FIGURES
} ki_figure;
/* Its word in English, its unit behind it ("" or " %"), and its decimals in tables. */
const char *ki_figure_word(ki_figure figure);
const char *ki_figure_unit(ki_figure figure);
int ki_figure_decimals(ki_figure figure);
double ki_figure_of(const ki_day *day, ki_figure figure);

typedef struct ki_estimate {
    double mean, half; /* of the 95 % interval, by Student's t; NAN with one seed */
} ki_estimate;
/* Over the seeds, of a policy's place among the runs. */
ki_estimate ki_runs_estimate(const ki_runs *runs, int policy, ki_figure figure);

/* One self-contained page: no script, nothing fetched. */
kerb_status ki_simulate_page(const char *path, const ki_runs *runs, int language, kerb_error *err);
#endif
