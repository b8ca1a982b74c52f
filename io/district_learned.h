/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_learned.h - what was learnt, in a file that the district names. */
#ifndef KI_DISTRICT_LEARNED_H
#define KI_DISTRICT_LEARNED_H
#include "replan/learn.h"

/* An empty *out where there is no such file. Free with ki_learned_free whatever the outcome. */
kerb_status ki_learned_read(ki_learned *out, const char *path, kerb_error *err);
kerb_status ki_learned_write(const ki_learned *learned, const char *path, kerb_error *err);
/* Path of the file a district names, from its folder (kerb_buffer_free); NULL: it names none. */
kerb_status ki_district_learned_path(char **out, const char *path, kerb_error *err);
#endif
