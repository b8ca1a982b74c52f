/* SPDX-License-Identifier: GPL-3.0-or-later
 * trace.c - writes down when a run found what. A row for each improvement of either value. */
#include "bench/trace.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"

#include <math.h>

static void add_value(ki_text *text, double value, const char *end) {
    if (isnan(value))
        ki_text_add(text, "%s", end);
    else
        ki_text_add(text, "%.9f%s", value, end);
}

static void note(void *payload, int64_t iterations, double primal, double dual) {
    bench_trace *trace = payload;
    int better = primal < trace->primal || (isnan(trace->primal) && !isnan(primal));
    int proved = dual > trace->dual || (isnan(trace->dual) && !isnan(dual));
    if (!better && !proved) return;
    if (better) trace->primal = primal;
    if (proved) trace->dual = dual;
    ki_text_add(&trace->rows, "%.3f,%lld,", ki_clock_cpu_s() - trace->started_s,
                (long long)iterations);
    add_value(&trace->rows, trace->primal, ",");
    add_value(&trace->rows, trace->dual, "\n");
}

void bench_trace_begin(bench_trace *trace, instance_limits *limits, const char *path) {
    *trace = (bench_trace){.path = path, .started_s = ki_clock_cpu_s(), .primal = NAN, .dual = NAN};
    if (!path) return;
    ki_text_add(&trace->rows, "cpu_s,iterations,primal,dual\n");
    limits->note = note;
    limits->note_payload = trace;
}

kerb_status bench_trace_end(bench_trace *trace, kerb_error *err) {
    kerb_status status = KERB_OK;
    if (trace->path)
        status = trace->rows.failed
                     ? ki_fail_no_memory(err, trace->path)
                     : ki_file_write(trace->path, trace->rows.bytes, trace->rows.length, err);
    ki_text_free(&trace->rows);
    return status;
}
