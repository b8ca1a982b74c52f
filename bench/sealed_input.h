/* SPDX-License-Identifier: GPL-3.0-or-later
 * sealed_input.h - a district or problem message, read and sealed, for the verbs of the bench. */
#ifndef KERB_SEALED_INPUT_H
#define KERB_SEALED_INPUT_H
#include "kerbside.h"

typedef struct sealed_input {
    kerb_roads *roads;
    kerb_model *model;
} sealed_input;

/* roads_path NULL: as the district file says; needed with a problem message over roads. */
kerb_status sealed_input_load(sealed_input *in, const char *path, const char *roads_path,
                              kerb_error *err);
/* The same, not sealed yet. */
kerb_status sealed_input_open(sealed_input *in, const char *path, const char *roads_path,
                              kerb_error *err);
/* A model of its own, not sealed, through a message: as a program would hand it in. */
kerb_status sealed_input_copy(kerb_model **out, const sealed_input *in, const kerb_model *model,
                              kerb_error *err);
typedef enum sealed_part { SEALED_ALL = 0, SEALED_CONTAINERS, SEALED_STREETS } sealed_part;
/* ... of a part of the district's work. */
kerb_status sealed_input_part(kerb_model **out, const sealed_input *in, sealed_part part,
                              kerb_error *err);
/* SHA-256 of the cells of all matrices as export writes them, times before lengths. */
void sealed_input_hash_travel(char hex[65], const sealed_input *in);
void sealed_input_free(sealed_input *in);
#endif
