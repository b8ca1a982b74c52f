/* SPDX-License-Identifier: GPL-3.0-or-later
 * learned.h - what the command needs of what was learnt. */
#ifndef KI_LEARNED_H
#define KI_LEARNED_H
#include "base/words.h"
#include "kerbside.h"

enum { KI_TOLD_CHARS = 400 };
/* What nights taught of a district, as text or JSON (*out: kerb_buffer_free). executed, if not
 * NULL: an Execution message to learn from first; the district's file is written anew, and told
 * says what was used of it. model: not sealed, read with ki_district_options.as_stated. */
kerb_status ki_learned_report(char **out, char told[KI_TOLD_CHARS], const char *district,
                              const kerb_model *model, const char *executed, int json,
                              ki_language language, kerb_error *err);
#endif
