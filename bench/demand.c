/* SPDX-License-Identifier: GPL-3.0-or-later
 * demand.c - how well the demand side sees: sick sensors found and healthy ones accused, against
 * the truth.csv of a generated district; and whether the forecast's 90 % interval holds 90 % of
 * what was reported later, on history that the forecast was not shown. */
#define _XOPEN_SOURCE 700
#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/ids.h"
#include "base/normal.h"
#include "base/text.h"
#include "bench.h"
#include "bench/sealed_input.h"
#include "demand/forecast.h"
#include "io/district.h"
#include "model/draft.h"
#include "model/service.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

enum { DAY_S = 86400, CUTS = 7 /* days held out, one after another */ };
static const double Z90 = 1.6448536, FULL = 0.98;

typedef struct score {
    size_t n, n_sick, n_found, n_accused, n_named;             /* named: with the right verdict */
    size_t of_kind[KI_N_HEALTHS], found_of_kind[KI_N_HEALTHS]; /* by the true fault */
    size_t n_held, n_covered;
    double miss, pinball;         /* sums: of absolute misses; of the losses of three quantiles */
    double full_expected;         /* of what was reported later, by the chances forecast */
    size_t n_full, n_full_missed; /* reported as full; of them at a chance below a tenth */
    size_t n_reports;
    double read_s, seconds; /* CPU: all tables; histories cleaned, all forecast */
    double peak_mb;         /* of the process up to there */
} score;

typedef struct truth {
    uint8_t *fault; /* [n_containers] ki_health that the truth asks for */
} truth;

static ki_health health_of(const char *fault) {
    static const struct {
        const char *fault;
        ki_health health;
    } NAMES[] = {{"stuck", KI_HEALTH_STUCK},
                 {"silent", KI_HEALTH_SILENT},
                 {"never_full", KI_HEALTH_NEVER_FULL},
                 {"spikes", KI_HEALTH_WILD},
                 {"inverse", KI_HEALTH_INVERSE},
                 {"over_range", KI_HEALTH_OVER_RANGE},
                 {"drift", KI_HEALTH_DRIFT}};
    for (size_t at = 0; at < sizeof NAMES / sizeof *NAMES; at++)
        if (strcmp(NAMES[at].fault, fault) == 0) return NAMES[at].health;
    return KI_HEALTH_OK;
}

static kerb_status read_truth(truth *out, ki_arena *arena, const ki_draft *draft, const char *path,
                              kerb_error *err) {
    char *text, id[64], fault[32];
    size_t n_bytes, n_known = 0;
    ki_ids ids;
    out->fault = ki_arena_alloc(arena, draft->n_containers, sizeof *out->fault);
    if (!out->fault || ki_ids_build(&ids, arena, &draft->containers->id, draft->n_containers,
                                    sizeof *draft->containers))
        return ki_fail_no_memory(err, "truth");
    KI_TRY(kerb_file_read(&text, &n_bytes, path, (size_t)1 << 28, err));
    for (char *line = text; line; line = strchr(line, '\n')) {
        if (*line == '\n') line++;
        if (sscanf(line, "%63[^,\n],%31[^,\n]", id, fault) != 2) continue;
        int32_t container = ki_ids_find(&ids, id);
        if (container < 0) continue;
        out->fault[container] = (uint8_t)health_of(fault);
        n_known++;
    }
    kerb_buffer_free(text);
    if (n_known == draft->n_containers) return KERB_OK;
    return ki_fail(err, KERB_BAD_INPUT, "%s: %zu containers, expected %zu", path, n_known,
                   draft->n_containers);
}

static double peak_mb(void) {
    struct rusage used;
    return getrusage(RUSAGE_SELF, &used) ? 0 : (double)used.ru_maxrss / 1024;
}

static kerb_status forecast_at(ki_forecast **out, ki_reports *reports, ki_arena *arena,
                               const ki_draft *draft, int64_t as_of_s, int64_t service_s,
                               kerb_error *err) {
    ki_forecast_times times = {.as_of_s = as_of_s,
                               .service_s = service_s,
                               .utc_offset_s = draft->district.utc_offset_s,
                               .forecast = draft->district.forecast};
    *out = ki_arena_alloc(arena, draft->n_containers, sizeof **out);
    if (!*out) return ki_fail_no_memory(err, "forecasts");
    KI_TRY(ki_forecast_words(&times, arena, draft, err));
    KI_TRY(ki_reports_sort(reports, arena, draft->containers, draft->n_containers, &draft->reports,
                           as_of_s, err));
    return ki_forecast_all(*out, arena, draft->containers, draft->n_containers, reports, &times,
                           err);
}

static kerb_status score_verdicts(score *out, ki_arena *arena, const ki_draft *draft,
                                  const truth *known, kerb_error *err) {
    ki_forecast *forecasts;
    ki_reports reports;
    int64_t as_of_s = draft->district.as_of_s;
    double began_s = ki_clock_cpu_s();
    KI_TRY(forecast_at(&forecasts, &reports, arena, draft, as_of_s, as_of_s, err));
    out->seconds = ki_clock_cpu_s() - began_s;
    out->peak_mb = peak_mb();
    out->n_reports = draft->reports.n;
    out->n = draft->n_containers;
    for (size_t at = 0; at < draft->n_containers; at++) {
        int sick = known->fault[at] != KI_HEALTH_OK, said = forecasts[at].health != KI_HEALTH_OK;
        out->n_sick += (size_t)sick;
        out->n_found += (size_t)(sick && said);
        out->of_kind[known->fault[at]]++;
        out->found_of_kind[known->fault[at]] += (size_t)said;
        out->n_named += (size_t)(sick && forecasts[at].health == known->fault[at]);
        out->n_accused += (size_t)(!sick && said);
    }
    return KERB_OK;
}

/* Mean of the quantile losses at 5, 50 and 95 %: what the forecast as a distribution is worth,
 * lower is better (Koenker and Bassett 1978, Econometrica 46). */
static double pinball(double level, double mean, double sd) {
    static const struct {
        double share, z;
    } AT[] = {{0.05, -1.6448536}, {0.5, 0}, {0.95, 1.6448536}};
    double sum = 0;
    for (int at = 0; at < 3; at++) {
        double above = level - (mean + AT[at].z * sd);
        sum += above > 0 ? AT[at].share * above : (AT[at].share - 1) * above;
    }
    return sum / 3;
}

/* Healthy sensors, half a day to a day and a half ahead, no emptying in between, not clipped. What
 * is reported carries a reading's own noise, which the interval of the fill does not. */
static kerb_status score_interval(score *out, const ki_draft *draft, const truth *known, int cut,
                                  int half_days, kerb_error *err) {
    ki_arena arena = {0};
    ki_forecast *forecasts;
    ki_reports past, all;
    int64_t as_of_s = draft->district.as_of_s - (int64_t)(cut + 2) * DAY_S;
    int64_t service_s = as_of_s + half_days * DAY_S / 2;
    kerb_status status = forecast_at(&forecasts, &past, &arena, draft, as_of_s, service_s, err);
    if (status == KERB_OK)
        status = ki_reports_sort(&all, &arena, draft->containers, draft->n_containers,
                                 &draft->reports, draft->district.as_of_s, err);
    for (size_t at = 0; status == KERB_OK && at < draft->n_containers; at++) {
        const ki_history *history = &all.histories[at];
        const ki_forecast *forecast = &forecasts[at];
        if (known->fault[at] != KI_HEALTH_OK || forecast->basis != KI_BASIS_REPORT) continue;
        int32_t next = 0;
        while (next < history->n && history->readings[next].at_s <= service_s - DAY_S / 4)
            next++;
        if (next == 0 || next >= history->n) continue;
        const ki_reading *later = &history->readings[next];
        double before = forecast->basis_ratio, level = later->fill_ratio;
        for (int32_t step = next; step > 0 && history->readings[step].at_s > as_of_s; step--)
            if (history->readings[step].fill_ratio < history->readings[step - 1].fill_ratio - 0.1)
                before = NAN; /* emptied meanwhile */
        if (isnan(before)) continue;
        double mean = before + ki_forecast_added(forecast, forecast->basis_s, later->at_s,
                                                 draft->district.utc_offset_s);
        double sd = hypot(forecast->sd_ratio, forecast->reading_sd);
        double full = ki_chance_above(FULL, mean, sd * sd);
        out->full_expected += full;
        out->n_full += level >= FULL;
        out->n_full_missed += level >= FULL && full < 0.1;
        if (level >= FULL) continue;
        out->n_held++;
        out->n_covered += fabs(level - mean) <= Z90 * sd;
        out->miss += fabs(level - mean);
        out->pinball += pinball(level, mean, sd);
    }
    ki_arena_free(&arena);
    return status;
}

static kerb_status score_all(score *out, const kerb_model *model, const char *truth_path,
                             int n_cuts, kerb_error *err) {
    ki_arena arena = {0};
    truth known;
    const ki_draft *draft = &model->draft;
    kerb_status status = read_truth(&known, &arena, draft, truth_path, err);
    if (status == KERB_OK) status = score_verdicts(out, &arena, draft, &known, err);
    for (int cut = 0; status == KERB_OK && cut < n_cuts; cut++)
        for (int half_days = 1; status == KERB_OK && half_days <= 3; half_days++)
            status = score_interval(out, draft, &known, cut, half_days, err);
    ki_arena_free(&arena);
    return status;
}

static double share(size_t part, size_t whole) {
    return whole ? (double)part / (double)whole : 0;
}

static double per_held(const score *got, double sum) {
    return got->n_held ? sum / (double)got->n_held : 0;
}

static const char HEADER[] = "what,district,seed,days,policy,sick_ratio,name,value\n";

static kerb_status append(const char *path, const char *district, int forecast, const score *got,
                          kerb_error *err) {
    ki_text text = {0};
    char policy[24] = "", *old = NULL;
    size_t n_old = 0;
    if (kerb_file_read(&old, &n_old, path, (size_t)1 << 26, NULL) == KERB_OK)
        ki_text_add_bytes(&text, old, n_old);
    else
        ki_text_add(&text, "%s", HEADER);
    kerb_buffer_free(old);
    enum { FIRST_HELD = 3, LAST_HELD = 8 };
    const struct {
        const char *name;
        double value;
    } rows[] = {{"sick_found", share(got->n_found, got->n_sick)},
                {"sick_named", share(got->n_named, got->n_sick)},
                {"healthy_accused", share(got->n_accused, got->n - got->n_sick)},
                {"coverage_90", share(got->n_covered, got->n_held)},
                {"mean_miss", per_held(got, got->miss)},
                {"pinball", per_held(got, got->pinball)},
                {"full_expected", got->full_expected},
                {"full_seen", (double)got->n_full},
                {"full_missed", (double)got->n_full_missed},
                {"reports", (double)got->n_reports},
                {"read_s", got->read_s},
                {"clean_and_forecast_s", got->seconds},
                {"peak_mb", got->peak_mb}};
    if (forecast) snprintf(policy, sizeof policy, "forecast_%d", forecast);
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        int is_held = row >= FIRST_HELD && row <= LAST_HELD;
        if (got->n_held == 0 && is_held) continue;
        ki_text_add(&text, "demand,%s,,,%s,,%s,%.5f\n", district, policy, rows[row].name,
                    rows[row].value);
    }
    kerb_status status = text.failed ? ki_fail_no_memory(err, path)
                                     : kerb_file_write(path, text.bytes, text.length, err);
    ki_text_free(&text);
    return status;
}

/* forecast 0: as the district says. */
static kerb_status measure(score *out, const char *folder, const char *roads_path, int n_cuts,
                           int forecast, kerb_error *err) {
    char yaml[4096], truth_path[4096];
    snprintf(yaml, sizeof yaml, "%s/district.yaml", folder);
    snprintf(truth_path, sizeof truth_path, "%s/truth.csv", folder);
    kerb_roads *roads = NULL;
    kerb_model *model = NULL;
    ki_district_options options = {0};
    ki_input_summary summary;
    kerb_status status = ki_district_load_roads(&roads, NULL, yaml, roads_path, err);
    double began_s = ki_clock_cpu_s();
    if (status == KERB_OK) status = ki_district_load(&model, roads, yaml, &options, &summary, err);
    out->read_s = ki_clock_cpu_s() - began_s;
    if (status == KERB_OK && forecast) model->draft.district.forecast = forecast;
    if (status == KERB_OK) status = score_all(out, model, truth_path, n_cuts, err);
    kerb_model_free(model);
    kerb_roads_free(roads);
    return status;
}

static void print_kinds(const score *got) {
    for (int kind = KI_HEALTH_OK + 1; kind < KI_N_HEALTHS; kind++)
        if (got->of_kind[kind])
            fprintf(stderr, "%-10s %5zu of %5zu found\n", ki_health_name((ki_health)kind),
                    got->found_of_kind[kind], got->of_kind[kind]);
}

int bench_demand(int argc, char **argv) {
    const char *folder = bench_operand(argc, argv, 0), *results = bench_option(argc, argv, "-o");
    int failed = 0, n_cuts = (int)bench_number(argc, argv, "--cuts", CUTS, 0, CUTS, &failed);
    int forecast = (int)bench_number(argc, argv, "--forecast", 0, 0, KI_FORECAST_LAST, &failed);
    if (failed || !folder) {
        fprintf(stderr, "usage: kerbside-bench demand DIR [--roads EXTRACT] [--cuts N] "
                        "[--forecast 1|2|3] [-o results.csv]\n--cuts 0: no intervals, for the time "
                        "alone\n--forecast: in place of the district's demand.forecast\n");
        return 2;
    }
    kerb_error err = {0};
    score got = {0};
    if (measure(&got, folder, bench_option(argc, argv, "--roads"), n_cuts, forecast, &err) !=
        KERB_OK)
        return bench_report(&err);
    print_kinds(&got);
    printf("{\"containers\":%zu,\"sick\":%zu,\"sick_found\":%.4f,\"sick_named\":%.4f,"
           "\"healthy_accused\":%.4f,\"held_out\":%zu,\"coverage_90\":%.4f,"
           "\"mean_miss\":%.5f,\"pinball\":%.5f,\"reports\":%zu,"
           "\"read_s\":%.3f,\"seconds\":%.3f,\"peak_mb\":%.0f}\n",
           got.n, got.n_sick, share(got.n_found, got.n_sick), share(got.n_named, got.n_sick),
           share(got.n_accused, got.n - got.n_sick), got.n_held, share(got.n_covered, got.n_held),
           per_held(&got, got.miss), per_held(&got, got.pinball), got.n_reports, got.read_s,
           got.seconds, got.peak_mb);
    const char *name = strrchr(folder, '/');
    if (results &&
        append(results, name && name[1] ? name + 1 : folder, forecast, &got, &err) != KERB_OK)
        return bench_report(&err);
    return 0;
}
