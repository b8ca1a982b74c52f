/* SPDX-License-Identifier: GPL-3.0-or-later
 * curve.h - Morton's curve: what lies close on the ground lies close along it. */
#ifndef KI_CURVE_H
#define KI_CURVE_H
#include <stdint.h>

static inline uint64_t ki_curve_spread(uint32_t bits) { /* a gap after each bit */
    uint64_t wide = bits;
    wide = (wide | wide << 16) & UINT64_C(0x0000ffff0000ffff);
    wide = (wide | wide << 8) & UINT64_C(0x00ff00ff00ff00ff);
    wide = (wide | wide << 4) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    wide = (wide | wide << 2) & UINT64_C(0x3333333333333333);
    return (wide | wide << 1) & UINT64_C(0x5555555555555555);
}

/* The signs' bits flipped, so that the curve does not break at the equator and at Greenwich. */
static inline uint64_t ki_curve(int32_t lat_e7, int32_t lon_e7) {
    const uint32_t sign = UINT32_C(1) << 31;
    return ki_curve_spread((uint32_t)lat_e7 ^ sign) << 1 | ki_curve_spread((uint32_t)lon_e7 ^ sign);
}
#endif
