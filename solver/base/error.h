/* SPDX-License-Identifier: GPL-3.0-or-later
 * error.h - status and message. Every fallible call ends in a caller-owned kerb_error. */
#ifndef KI_ERROR_H
#define KI_ERROR_H
#include "kerbside.h"

/* Fills *err (which may be NULL) and returns status, so that `return ki_fail(...)` reads well. */
kerb_status ki_fail(kerb_error *err, kerb_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
kerb_status ki_fail_no_memory(kerb_error *err, const char *what);
void ki_error_clear(kerb_error *err);

/* Returns early where nothing is owned; elsewhere use one `fail:` label. */
#define KI_TRY(call)                                                                               \
    do {                                                                                           \
        kerb_status ki_try_status_ = (call);                                                       \
        if (ki_try_status_ != KERB_OK) return ki_try_status_;                                      \
    } while (0)
#endif
