/* SPDX-License-Identifier: GPL-3.0-or-later
 * digest.c - four lanes, word after word in turn:
 *
 *   lane = mix((lane ^ word) * odd)      mix: the upper half folded into the lower
 *
 * Each step is one to one in the lane and in the word, so two inputs of one length that differ in a
 * single word end in different digests, always; any others do but for a chance of about 2^-64. Four
 * lanes because a multiplication takes four cycles and one can begin every cycle: what SHA-256
 * names in 13 ms takes this less than one (docs/decisions/0021). */
#include "base/digest.h"

#include <string.h>

static const uint64_t START[KI_DIGEST_LANES] = {0x243f6a8885a308d3, 0x13198a2e03707344,
                                                0xa4093822299f31d0, 0x082efa98ec4e6c89}; /* pi */
static const uint64_t ODD = 0x9e3779b97f4a7c15; /* 2^64 over the golden ratio */

static uint64_t mix(uint64_t lane, uint64_t word) {
    lane = (lane ^ word) * ODD;
    return lane ^ lane >> 32;
}

static void add_blocks(ki_digester *digester, const unsigned char *bytes, size_t n_blocks) {
    uint64_t lanes[KI_DIGEST_LANES], words[KI_DIGEST_LANES];
    memcpy(lanes, digester->lanes, sizeof lanes);
    for (; n_blocks > 0; n_blocks--, bytes += KI_DIGEST_BLOCK) {
        memcpy(words, bytes, sizeof words);
        for (int lane = 0; lane < KI_DIGEST_LANES; lane++)
            lanes[lane] = mix(lanes[lane], words[lane]);
    }
    memcpy(digester->lanes, lanes, sizeof lanes);
}

void ki_digest_begin(ki_digester *digester) {
    *digester = (ki_digester){.n_bytes = 0};
    memcpy(digester->lanes, START, sizeof START);
}

void ki_digest_add(ki_digester *digester, const void *bytes, size_t n_bytes) {
    const unsigned char *from = bytes;
    size_t held = digester->n_bytes % KI_DIGEST_BLOCK, take = KI_DIGEST_BLOCK - held;
    digester->n_bytes += n_bytes;
    if (held > 0) {
        if (take > n_bytes) take = n_bytes;
        memcpy(digester->held + held, from, take);
        if (held + take < KI_DIGEST_BLOCK) return;
        add_blocks(digester, digester->held, 1);
        from += take;
        n_bytes -= take;
    }
    add_blocks(digester, from, n_bytes / KI_DIGEST_BLOCK);
    size_t rest = n_bytes % KI_DIGEST_BLOCK;
    if (rest > 0) memcpy(digester->held, from + n_bytes - rest, rest);
}

ki_digest ki_digest_end(ki_digester *digester) {
    size_t held = digester->n_bytes % KI_DIGEST_BLOCK;
    if (held > 0) {
        memset(digester->held + held, 0, KI_DIGEST_BLOCK - held);
        add_blocks(digester, digester->held, 1);
    }
    ki_digest digest;
    for (int lane = 0; lane < KI_DIGEST_LANES; lane++) /* the length, then each other in turn */
        digest.words[lane] = mix(digester->lanes[lane], digester->n_bytes);
    for (int round = 0; round < 3; round++)
        for (int lane = 0; lane < KI_DIGEST_LANES; lane++)
            digest.words[lane] =
                mix(digest.words[lane], digest.words[(lane + 1) % KI_DIGEST_LANES]);
    return digest;
}

ki_digest ki_digest_of(const void *bytes, size_t n_bytes) {
    ki_digester digester;
    ki_digest_begin(&digester);
    ki_digest_add(&digester, bytes, n_bytes);
    return ki_digest_end(&digester);
}

int ki_digest_same(const ki_digest *one, const ki_digest *other) {
    return memcmp(one, other, sizeof *one) == 0;
}
