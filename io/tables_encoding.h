/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_encoding.h - text of any encoding in use to UTF-8 without a byte order mark. */
#ifndef KI_TABLES_ENCODING_H
#define KI_TABLES_ENCODING_H
#include "kerbside.h"

/* Replaces *bytes (ki_alloc'd, NUL after *n_bytes) by UTF-8. *encoding names what it was: "UTF-8",
 * "UTF-16" or "GB18030". path is for messages. */
kerb_status ki_recode(char **bytes, size_t *n_bytes, const char **encoding, const char *path,
                      kerb_error *err);
#endif
