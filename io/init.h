/* SPDX-License-Identifier: GPL-3.0-or-later
 * init.h - a district to start from: an extract, and a table of bins as its owner has it. */
#ifndef KI_INIT_H
#define KI_INIT_H
#include "base/words.h"
#include "kerbside.h"

/* Writes district.yaml, and sites.csv and containers.csv if there are bins, into a folder that has
 * none of them yet, and tells what was guessed, lines ended by a newline. bins: path of a table, or
 * NULL. today: YYYY-MM-DD. language: of the comments; the marks stay "CHANGE". */
kerb_status ki_init_write(const char *extract, const char *bins, const char *folder,
                          const char *today, ki_language language, void (*tell)(const char *lines),
                          kerb_error *err);
#endif
