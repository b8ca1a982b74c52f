/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any sentence in another language: it ends, it is bounded, and English stays as it is. */
#include "base/alloc.h"
#include "base/words.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

enum { MOST_TIMES_LONGER = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes) {
    char *sentence = ki_alloc(n_bytes + 1);
    ki_text english = {0}, chinese = {.language = KI_CHINESE};
    if (!sentence) return 0;
    if (n_bytes) memcpy(sentence, bytes, n_bytes);
    sentence[n_bytes] = '\0';
    ki_text_retell(&english, sentence);
    if (!english.failed && strcmp(english.bytes, sentence) != 0) abort();
    ki_text_retell(&chinese, sentence);
    if (chinese.length > MOST_TIMES_LONGER * (english.length + 64)) abort();
    ki_text_free(&english);
    ki_text_free(&chinese);
    ki_free(sentence);
    return 0;
}
