/* SPDX-License-Identifier: GPL-3.0-or-later
 * district.h - the district file (YAML, libfyaml) and its tables into a model draft. Built on the
 * public header: it calls kerb_model_add_*. */
#ifndef KI_DISTRICT_H
#define KI_DISTRICT_H
#include "kerbside.h"

typedef struct ki_district_options {
    const char *date;    /* YYYY-MM-DD or NULL: as the district file or the newest report says */
    const char *as_of;   /* ISO 8601 with zone, or NULL */
    const char *tonight; /* path of tonight.yaml or NULL */
    int strict;          /* any bad row is an error */
    const kerb_event *events; /* of the night before, for the calendar of sweeping; may be NULL */
    size_t n_events;
    int as_stated; /* what was learnt is not applied */
} ki_district_options;

/* Everything that is wrong with the file, tonight's and the tables as far as it can be seen without
 * roads, each told at once; those beyond the first hundred are only counted in *n_faults. What
 * stands on something faulty (containers on sites that cannot be read) is not looked at. roads: the
 * extract in place of the file's, or NULL. Fails where nothing can be read (no YAML), or memory
 * ends. */
kerb_status ki_district_find_faults(size_t *n_faults, const char *path, const char *roads,
                                    const ki_district_options *options,
                                    void (*tell)(const char *fault, void *payload), void *payload,
                                    kerb_error *err);

typedef struct ki_input_summary {
    size_t n_rows, n_bad_rows; /* over all tables */
} ki_input_summary;

/* Paths of the extract and of the road cache (NULL: none) that the district file names, resolved
 * against its folder; kerb_buffer_free. */
kerb_status ki_district_paths(char **extract, char **cache, const char *path, kerb_error *err);
/* The roads of the district with its corrections (tables.roads_extra): from roads if given (an
 * extract or a cache of one), else from its roads_cache if it names one, else from its extract.
 * *cache: the path of the roads_cache used, or NULL; kerb_buffer_free; cache NULL: none is. What
 * becomes of bad rows is told by ki_district_load. */
kerb_status ki_district_load_roads(kerb_roads **out, char **cache, const char *path,
                                   const char *roads, kerb_error *err);
/* The roads of an extract, or of a cache of it (NULL: none), with the corrections of a table
 * (WGS84). *notes: a model that holds what was quarantined as its notes, and nothing else; the
 * caller frees both. */
kerb_status ki_roads_load_extra(kerb_roads **out, kerb_model **notes, const char *extract,
                                const char *cache, const char *table, kerb_error *err);
/* Reads everything; *out is an unsealed model over roads. Bad rows are quarantined as notes. */
kerb_status ki_district_load(kerb_model **out, const kerb_roads *roads, const char *path,
                             const ki_district_options *options, ki_input_summary *summary,
                             kerb_error *err);
#endif
