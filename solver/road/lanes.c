/* SPDX-License-Identifier: GPL-3.0-or-later
 * lanes.c - plain C, AVX2 and AVX-512. Written out with intrinsics: at -O2 for any x86-64 the plain
 * loops are not vectorised, and a row should stay in registers from edge to edge. */
#include "road/lanes.h"

#include <stdatomic.h>

static void push_plain(uint64_t *restrict to, const uint64_t *restrict from, uint64_t label) {
    for (int lane = 0; lane < KI_LANES; lane++) {
        uint64_t through = from[lane] + label;
        to[lane] = through < to[lane] ? through : to[lane];
    }
}

static void spread_plain(ki_phast_job *job, const uint64_t *from, const ki_phast_edges *edges,
                         int32_t item) {
    for (int32_t edge = edges->first[item]; edge < edges->first[item + 1]; edge++) {
        int32_t row = edges->row[edge];
        uint64_t *to = job->rows + (size_t)row * KI_LANES;
        for (int lane = 0; lane < KI_LANES && !job->touched[row]; lane++)
            to[lane] = KI_FAR_LABEL;
        push_plain(to, from, edges->label[edge]);
        job->touched[row] = 1;
    }
}

static void sweep_plain(const ki_phast *phast, uint64_t *rows, const uint8_t *touched) {
    for (int32_t row = 0; row < phast->n_rows; row++) {
        uint64_t *to = rows + (size_t)row * KI_LANES;
        for (int lane = 0; lane < KI_LANES && !touched[row]; lane++)
            to[lane] = KI_FAR_LABEL;
        for (int32_t in = phast->first_in[row]; in < phast->first_in[row + 1]; in++)
            push_plain(to, rows + (size_t)phast->tail[in] * KI_LANES, phast->label[in]);
    }
}

static void write_plain(const ki_cells *cells) {
    for (int32_t at = 0; at < cells->n; at++) {
        uint64_t label =
            cells->lane[(size_t)cells->row[at] << cells->shift] + cells->rest + cells->part[at];
        int far = label >= KI_FAR_LABEL || ki_label_mm(label) >= KI_NEVER;
        cells->time_ms[at] = far ? KI_NEVER : (int32_t)ki_label_ms(label);
        cells->length_mm[at] = far ? KI_NEVER : (int32_t)ki_label_mm(label);
    }
}

static const ki_lanes PLAIN = {"plain", spread_plain, sweep_plain, write_plain};

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#include <immintrin.h>

#define WIDE __attribute__((target("avx512f")))
#define HALF __attribute__((target("avx2")))
enum { WIDE_VECTORS = KI_LANES / 8, HALF_VECTORS = KI_LANES / 4 };
/* A row in registers needs its loops unrolled; at -O2 four vectors are not. */
#ifdef __clang__
#define UNROLLED _Pragma("unroll")
#else
#define UNROLLED _Pragma("GCC unroll 4")
#endif

WIDE static void spread_wide(ki_phast_job *job, const uint64_t *from, const ki_phast_edges *edges,
                             int32_t item) {
    const __m512i far = _mm512_set1_epi64((int64_t)KI_FAR_LABEL);
    __m512i here[WIDE_VECTORS];
    for (int at = 0; at < WIDE_VECTORS; at++)
        here[at] = _mm512_load_si512(from + 8 * at);
    for (int32_t edge = edges->first[item]; edge < edges->first[item + 1]; edge++) {
        int32_t row = edges->row[edge];
        uint64_t *to = job->rows + (size_t)row * KI_LANES;
        __m512i by = _mm512_set1_epi64((int64_t)edges->label[edge]);
        for (int at = 0; at < WIDE_VECTORS; at++) {
            __m512i old = job->touched[row] ? _mm512_load_si512(to + 8 * at) : far;
            _mm512_store_si512(to + 8 * at, _mm512_min_epu64(old, _mm512_add_epi64(here[at], by)));
        }
        job->touched[row] = 1;
    }
}

WIDE static void sweep_wide(const ki_phast *phast, uint64_t *rows, const uint8_t *touched) {
    const __m512i far = _mm512_set1_epi64((int64_t)KI_FAR_LABEL);
    for (int32_t row = 0; row < phast->n_rows; row++) {
        uint64_t *to = rows + (size_t)row * KI_LANES;
        __m512i best[WIDE_VECTORS];
        for (int at = 0; at < WIDE_VECTORS; at++)
            best[at] = touched[row] ? _mm512_load_si512(to + 8 * at) : far;
        for (int32_t in = phast->first_in[row]; in < phast->first_in[row + 1]; in++) {
            const uint64_t *from = rows + (size_t)phast->tail[in] * KI_LANES;
            __m512i by = _mm512_set1_epi64((int64_t)phast->label[in]);
            for (int at = 0; at < WIDE_VECTORS; at++)
                best[at] = _mm512_min_epu64(best[at],
                                            _mm512_add_epi64(_mm512_load_si512(from + 8 * at), by));
        }
        for (int at = 0; at < WIDE_VECTORS; at++)
            _mm512_store_si512(to + 8 * at, best[at]);
    }
}

WIDE static void write_wide(const ki_cells *cells) {
    const __m512i rest = _mm512_set1_epi64((int64_t)cells->rest);
    const __m512i far = _mm512_set1_epi64((int64_t)KI_FAR_LABEL);
    const __m512i mm_mask = _mm512_set1_epi64((INT64_C(1) << KI_LENGTH_BITS) - 1);
    const __m512i never = _mm512_set1_epi64(KI_NEVER);
    const __m128i shift = _mm_cvtsi32_si128(cells->shift);
    int32_t at = 0;
    for (; at + 8 <= cells->n; at += 8) {
        __m256i row = _mm256_loadu_si256((const __m256i *)(cells->row + at));
        __m256i index = _mm256_sll_epi32(row, shift);
        __m512i label = _mm512_i32gather_epi64(index, cells->lane, 8);
        label = _mm512_add_epi64(label, rest);
        label = _mm512_add_epi64(label, _mm512_loadu_si512(cells->part + at));
        __m512i mm = _mm512_and_si512(label, mm_mask);
        __mmask8 is_far = _mm512_cmpge_epu64_mask(label, far) | _mm512_cmpge_epu64_mask(mm, never);
        __m512i ms = _mm512_srli_epi64(label, KI_LENGTH_BITS);
        ms = _mm512_mask_mov_epi64(ms, is_far, never);
        mm = _mm512_mask_mov_epi64(mm, is_far, never);
        _mm256_storeu_si256((__m256i *)(cells->time_ms + at), _mm512_cvtepi64_epi32(ms));
        _mm256_storeu_si256((__m256i *)(cells->length_mm + at), _mm512_cvtepi64_epi32(mm));
    }
    if (at == cells->n) return;
    ki_cells tail = *cells;
    tail.n -= at;
    tail.row += at;
    tail.part += at;
    tail.time_ms += at;
    tail.length_mm += at;
    write_plain(&tail);
}

/* Labels stay below 2^63, so a signed comparison will do. */
HALF static inline __m256i least_half(__m256i a, __m256i b) {
    return _mm256_blendv_epi8(a, b, _mm256_cmpgt_epi64(a, b));
}

HALF static void spread_half(ki_phast_job *job, const uint64_t *from, const ki_phast_edges *edges,
                             int32_t item) {
    const __m256i far = _mm256_set1_epi64x((int64_t)KI_FAR_LABEL);
    __m256i here[HALF_VECTORS];
    UNROLLED
    for (int at = 0; at < HALF_VECTORS; at++)
        here[at] = _mm256_load_si256((const __m256i *)(from + 4 * at));
    for (int32_t edge = edges->first[item]; edge < edges->first[item + 1]; edge++) {
        int32_t row = edges->row[edge];
        uint64_t *to = job->rows + (size_t)row * KI_LANES;
        __m256i by = _mm256_set1_epi64x((int64_t)edges->label[edge]);
        UNROLLED
        for (int at = 0; at < HALF_VECTORS; at++) {
            __m256i *slot = (__m256i *)(to + 4 * at);
            __m256i old = job->touched[row] ? _mm256_load_si256(slot) : far;
            _mm256_store_si256(slot, least_half(old, _mm256_add_epi64(here[at], by)));
        }
        job->touched[row] = 1;
    }
}

HALF static void sweep_half(const ki_phast *phast, uint64_t *rows, const uint8_t *touched) {
    const __m256i far = _mm256_set1_epi64x((int64_t)KI_FAR_LABEL);
    for (int32_t row = 0; row < phast->n_rows; row++) {
        uint64_t *to = rows + (size_t)row * KI_LANES;
        __m256i best[HALF_VECTORS];
        UNROLLED
        for (int at = 0; at < HALF_VECTORS; at++)
            best[at] = touched[row] ? _mm256_load_si256((const __m256i *)(to + 4 * at)) : far;
        for (int32_t in = phast->first_in[row]; in < phast->first_in[row + 1]; in++) {
            const uint64_t *from = rows + (size_t)phast->tail[in] * KI_LANES;
            __m256i by = _mm256_set1_epi64x((int64_t)phast->label[in]);
            UNROLLED
            for (int at = 0; at < HALF_VECTORS; at++)
                best[at] = least_half(
                    best[at],
                    _mm256_add_epi64(_mm256_load_si256((const __m256i *)(from + 4 * at)), by));
        }
        UNROLLED
        for (int at = 0; at < HALF_VECTORS; at++)
            _mm256_store_si256((__m256i *)(to + 4 * at), best[at]);
    }
}

static const ki_lanes AVX512 = {"avx512", spread_wide, sweep_wide, write_wide};
static const ki_lanes AVX2 = {"avx2", spread_half, sweep_half, write_plain};

const ki_lanes *ki_lanes_at(int index) {
    if (index == 0) return &PLAIN;
    if (index == 1 && __builtin_cpu_supports("avx2")) return &AVX2;
    if (index == 2 && __builtin_cpu_supports("avx512f")) return &AVX512;
    return NULL;
}
#else
const ki_lanes *ki_lanes_at(int index) {
    return index == 0 ? &PLAIN : NULL;
}
#endif

static _Atomic(const ki_lanes *) forced;

void ki_lanes_force(const ki_lanes *lanes) {
    atomic_store(&forced, lanes);
}

const ki_lanes *ki_lanes_best(void) {
    const ki_lanes *best = atomic_load(&forced);
    if (best) return best;
    best = &PLAIN;
    for (int index = 1; ki_lanes_at(index); index++)
        best = ki_lanes_at(index);
    return best;
}
