/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "base/clock.h"

#include <time.h>

static double read_clock(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double ki_clock_wall_s(void) {
    return read_clock(CLOCK_MONOTONIC);
}

double ki_clock_cpu_s(void) {
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}
