/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

kerb_status ki_fail(kerb_error *err, kerb_status status, const char *format, ...) {
    if (err) {
        va_list args;
        va_start(args, format);
        vsnprintf(err->message, sizeof err->message, format, args);
        va_end(args);
        err->status = status;
    }
    return status;
}

kerb_status ki_fail_no_memory(kerb_error *err, const char *what) {
    return ki_fail(err, KERB_NO_MEMORY, "out of memory: %s", what);
}

void ki_error_clear(kerb_error *err) {
    if (!err) return;
    err->status = KERB_OK;
    err->message[0] = '\0';
}

const char *kerb_status_name(kerb_status status) {
    switch (status) {
    case KERB_OK: return "ok";
    case KERB_BAD_INPUT: return "bad input";
    case KERB_BAD_CALL: return "bad call";
    case KERB_NO_MEMORY: return "no memory";
    case KERB_IO: return "input or output failed";
    case KERB_INFEASIBLE: return "infeasible";
    case KERB_STOPPED: return "stopped";
    case KERB_UNSUPPORTED: return "unsupported";
    case KERB_INTERNAL: return "internal fault";
    }
    return "unknown status";
}

const char *kerb_version(void) {
    return KERB_VERSION;
}
