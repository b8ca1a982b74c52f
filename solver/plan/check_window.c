/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_window.c - windows of the draft, where they overlap as one. */
#include "plan/check_internal.h"

/* Widens a span by every window that touches it; 1: it grew. */
static int widen(const ki_checker *check, const kerb_window *windows, size_t n,
                 ki_check_span *span) {
    ki_check_span before = *span;
    for (size_t w = 0; w < n; w++) {
        int64_t start_ms = ki_rule_instant_ms(check, windows[w].start_s);
        int64_t end_ms = ki_rule_instant_ms(check, windows[w].end_s);
        if (start_ms > span->close_ms || end_ms < span->open_ms) continue;
        if (start_ms < span->open_ms) span->open_ms = start_ms;
        if (end_ms > span->close_ms) span->close_ms = end_ms;
    }
    return before.open_ms != span->open_ms || before.close_ms != span->close_ms;
}

void ki_check_window(ki_checker *check, const kerb_window *windows, size_t n, int64_t start_ms,
                     ki_check_span *out) {
    int64_t night_ms = ki_rule_instant_ms(check, check->draft->district.night_end_s);
    *out = (ki_check_span){0, night_ms};
    int found = n == 0;
    for (size_t w = 0; w < n && !found; w++) {
        int64_t open_ms = ki_rule_instant_ms(check, windows[w].start_s);
        int64_t close_ms = ki_rule_instant_ms(check, windows[w].end_s);
        if (start_ms < open_ms || start_ms > close_ms) continue;
        found = 1;
        *out = (ki_check_span){open_ms, close_ms};
    }
    while (n > 0 && found && widen(check, windows, n, out))
        ;
    if (out->open_ms < 0) out->open_ms = 0;
    if (out->close_ms > night_ms) out->close_ms = night_ms;
    if (!found || start_ms < out->open_ms || start_ms > out->close_ms)
        ki_check_say(check, "starts at %lld ms, outside its windows", (long long)start_ms);
}
