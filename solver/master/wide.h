/* SPDX-License-Identifier: GPL-3.0-or-later
 * wide.h - sums of money that outgrow 64 bits on the way. Used inside the master only. */
#ifndef KI_WIDE_H
#define KI_WIDE_H
#include <stdint.h>

__extension__ typedef __int128 ki_wide;

static inline int64_t ki_wide_clamp(ki_wide value) {
    const int64_t most = (int64_t)1 << 62;
    return value > most ? most : value < -most ? -most : (int64_t)value;
}
#endif
