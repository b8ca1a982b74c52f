/* SPDX-License-Identifier: GPL-3.0-or-later
 * trace.h - the course of a run: best cost and proved bound by CPU time, as a CSV. */
#ifndef KERB_BENCH_TRACE_H
#define KERB_BENCH_TRACE_H
#include "base/text.h"
#include "bench/instance.h"

typedef struct bench_trace {
    ki_text rows;     /* cpu_s,iterations,primal,dual */
    const char *path; /* NULL: nobody asked */
    double started_s;
    double primal, dual; /* the best so far; NAN: none */
} bench_trace;

/* From now on limits tell the trace what they find; not if path is NULL. */
void bench_trace_begin(bench_trace *trace, instance_limits *limits, const char *path);
/* Writes and frees it. */
kerb_status bench_trace_end(bench_trace *trace, kerb_error *err);
#endif
