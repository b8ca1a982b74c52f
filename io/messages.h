/* SPDX-License-Identifier: GPL-3.0-or-later
 * messages.h - the wire contract: drafts and plans to and from kerbside.v1 messages. Unpacking
 * works under a memory budget and validates what protobuf does not (UTF-8, enums, ranges). */
#ifndef KI_MESSAGES_H
#define KI_MESSAGES_H
#include "model/draft.h"
#include "plan/plan.h"

extern const ki_record ki_plan_record;

enum { KI_MESSAGE_MAX_BYTES = 1 << 30 };
/* *out is ki_free'd by the caller. Canonical: the same draft gives the same bytes. */
kerb_status ki_problem_pack(uint8_t **out, size_t *n_out, const ki_draft *draft, kerb_error *err);
/* Fills an empty draft; the caller frees it whatever the outcome. */
kerb_status ki_problem_unpack(ki_draft *draft, const uint8_t *in, size_t n_in, kerb_error *err);
kerb_status ki_plan_pack(uint8_t **out, size_t *n_out, const kerb_plan *plan, kerb_error *err);
/* SHA-256 of the packed plan without its id; and the id made of its first 16 digits. Call
 * ki_plan_identify last, when every other member is final. */
kerb_status ki_plan_hash(char hex[65], const kerb_plan *plan, kerb_error *err);
kerb_status ki_plan_identify(kerb_plan *plan, kerb_error *err);
kerb_status ki_plan_unpack(kerb_plan **out, const uint8_t *in, size_t n_in, kerb_error *err);
#endif
