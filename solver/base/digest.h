/* SPDX-License-Identifier: GPL-3.0-or-later
 * digest.h - a fast name for many bytes, to notice that they are others than before. Whoever wants
 * to deceive can: what must hold against that is hashed by SHA-256 (text.h) or checked.
 *
 * Bytes of one machine and for it: words are read in its own order. */
#ifndef KI_DIGEST_H
#define KI_DIGEST_H
#include <stddef.h>
#include <stdint.h>

enum { KI_DIGEST_LANES = 4, KI_DIGEST_BLOCK = 8 * KI_DIGEST_LANES };

typedef struct ki_digest { /* equal bytes, equal digests; one word changed always shows */
    uint64_t words[KI_DIGEST_LANES];
} ki_digest;

typedef struct ki_digester { /* however the bytes are cut into pieces, the digest is the same */
    uint64_t lanes[KI_DIGEST_LANES];
    uint64_t n_bytes;
    unsigned char held[KI_DIGEST_BLOCK];
} ki_digester;

void ki_digest_begin(ki_digester *digester);
void ki_digest_add(ki_digester *digester, const void *bytes, size_t n_bytes);
ki_digest ki_digest_end(ki_digester *digester);
ki_digest ki_digest_of(const void *bytes, size_t n_bytes);
int ki_digest_same(const ki_digest *one, const ki_digest *other);
#endif
