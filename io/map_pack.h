/* SPDX-License-Identifier: GPL-3.0-or-later
 * map_pack.h - bytes as text of letters, digits, '+', '/' and '=': base64, of gzip or plain. */
#ifndef KI_MAP_PACK_H
#define KI_MAP_PACK_H
#include "base/text.h"

/* A failure is kept in text->failed. Any thread. */
void ki_base64_add(ki_text *text, const void *bytes, size_t n_bytes); /* RFC 4648 */
void ki_gzip_add(ki_text *text, const void *bytes, size_t n_bytes);   /* RFC 1952, in base64 */
#endif
