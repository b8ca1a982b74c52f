/* SPDX-License-Identifier: GPL-3.0-or-later
 * random_rules.h - a district's problem with rules added at random, before it is sealed. */
#ifndef BENCH_RANDOM_RULES_H
#define BENCH_RANDOM_RULES_H
#include "base/text.h"
#include "kerbside.h"

/* Each rule with even chances, what it says drawn too; their names are added to `names`, a plus
 * between two. Text and arrays go to the model's own memory. */
kerb_status bench_random_rules(kerb_model *model, uint64_t seed, ki_text *names, kerb_error *err);
#endif
