/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_learned.c - the file of what was learnt: written by kerbside reports --learned, read by
 * every plan of the district. Made by a program, but YAML: a person must be able to see what the
 * plans rest on, and to take a line out. */
#include "district_learned.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "district_keys.h"
#include "district_rows.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define GET(node, path) ki_keys_get(&ki_learned_keys, node, path, NULL)

static const kerb_stream FIRST_STREAM = KERB_STREAM_RESIDUAL;

static ki_learned_value value_of(const ki_yaml *node) {
    const ki_yaml *factor = ki_yaml_child(node, "factor"), *n = ki_yaml_child(node, "n");
    double number = 1, count = 0;
    if (!factor || !n || !ki_parse_number(factor->text, &number) ||
        !ki_parse_number(n->text, &count))
        return (ki_learned_value){0};
    return (ki_learned_value){log(number), (int32_t)count};
}

static void read_values(ki_learned *out, const ki_yaml *root) {
    const ki_yaml *list = ki_yaml_child(root, "density");
    for (const ki_yaml *node = list ? list->first : NULL; node; node = node->next)
        out->density[GET(node, "density[].stream").integer + FIRST_STREAM] = value_of(node);
    list = ki_yaml_child(root, "service");
    for (const ki_yaml *node = list ? list->first : NULL; node; node = node->next)
        out->service[GET(node, "service[].stream").integer + FIRST_STREAM]
                    [GET(node, "service[].size").integer] = value_of(node);
    list = ki_yaml_child(root, "speed");
    for (const ki_yaml *node = list ? list->first : NULL; node; node = node->next)
        out->speed[GET(node, "speed[].class").integer + 1][GET(node, "speed[].hour").integer] =
            value_of(node);
}

static kerb_status read_places(ki_learned *out, const ki_yaml *root, kerb_error *err) {
    const ki_yaml *list = ki_yaml_child(root, "out_of_reach");
    for (const ki_yaml *node = list ? list->first : NULL; node; node = node->next) {
        ki_learned_place *place = ki_learned_place_of(out, GET(node, "out_of_reach[].id").text);
        if (!place) return ki_fail_no_memory(err, "places");
        place->n = (int32_t)GET(node, "out_of_reach[].times").integer;
        place->newest_s = GET(node, "out_of_reach[].newest").integer;
    }
    return KERB_OK;
}

static void read_nights(ki_learned *out, const ki_yaml *root) {
    const ki_yaml *list = ki_yaml_child(root, "nights");
    for (const ki_yaml *node = list ? list->first : NULL; node; node = node->next)
        if (strlen(node->text) == 16 && out->n_nights < KI_LEARN_NIGHTS)
            memcpy(out->nights[out->n_nights++], node->text, 17);
}

kerb_status ki_learned_read(ki_learned *out, const char *path, kerb_error *err) {
    ki_arena arena = {0};
    const ki_yaml *root;
    ki_file_faults faults = {.file = path};
    memset(out, 0, sizeof *out);
    if (access(path, F_OK) != 0) return KERB_OK;
    kerb_status status = ki_yaml_read(&root, path, &arena, err);
    if (status == KERB_OK) {
        ki_keys_check(&ki_learned_keys, root, &faults);
        status = ki_file_faults_end(&faults, err);
    }
    if (status == KERB_OK) {
        read_values(out, root);
        read_nights(out, root);
        status = read_places(out, root, err);
    }
    ki_arena_free(&arena);
    return status;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* A list's key, before its first entry: an empty list is left out. */
static void add_head(ki_text *text, const char **head) {
    if (*head) ki_text_add(text, "%s:\n", *head);
    *head = NULL;
}

static void add_value(ki_text *text, const ki_learned_value *value) {
    ki_text_add(text, "factor: %.6f, n: %d}\n", ki_learned_factor(value), (int)value->n);
}

static void write_values(ki_text *text, const ki_learned *learned) {
    const char *density = "density", *service = "service", *speed = "speed";
    for (int stream = FIRST_STREAM; stream < KERB_N_STREAMS; stream++) {
        if (learned->density[stream].n == 0) continue;
        add_head(text, &density);
        ki_text_add(text, "  - {stream: %s, ", kerb_stream_name((kerb_stream)stream));
        add_value(text, &learned->density[stream]);
    }
    for (int stream = FIRST_STREAM; stream < KERB_N_STREAMS; stream++)
        for (int size = 0; size < KI_N_BIN_SIZES; size++) {
            if (learned->service[stream][size].n == 0) continue;
            add_head(text, &service);
            ki_text_add(text, "  - {stream: %s, size: %s, ", kerb_stream_name((kerb_stream)stream),
                        ki_bin_size_name(size));
            add_value(text, &learned->service[stream][size]);
        }
    for (int road = 1; road < KI_N_ROAD_CLASSES; road++)
        for (int hour = 0; hour < 24; hour++) {
            if (learned->speed[road][hour].n == 0) continue;
            add_head(text, &speed);
            ki_text_add(text, "  - {class: %s, hour: %d, ", ki_road_class_name(road), hour);
            add_value(text, &learned->speed[road][hour]);
        }
}

static void write_places(ki_text *text, const ki_learned *learned) {
    static const ki_zone UTC = {0};
    const char *places = "out_of_reach", *nights = "nights";
    for (size_t at = 0; at < learned->n_places; at++) {
        const ki_learned_place *place = &learned->places[at];
        char when[KI_INSTANT_CHARS];
        if (place->n == 0) continue;
        add_head(text, &places);
        ki_format_instant(&UTC, place->newest_s, when);
        ki_text_add(text, "  - {id: ");
        ki_text_add_json(text, place->id); /* JSON's quotes are YAML's */
        ki_text_add(text, ", times: %d, newest: \"%s\"}\n", (int)place->n, when);
    }
    for (size_t night = 0; night < learned->n_nights; night++) {
        add_head(text, &nights);
        ki_text_add(text, "  - \"%s\"\n", learned->nights[night]);
    }
}

kerb_status ki_learned_write(const ki_learned *learned, const char *path, kerb_error *err) {
    ki_text text = {0};
    ki_text_add(&text, "# Written by kerbside reports --learned: factors on what the district "
                       "states.\nschema_version: 1\n");
    write_values(&text, learned);
    write_places(&text, learned);
    kerb_status status = text.failed ? ki_fail_no_memory(err, path)
                                     : ki_file_write(path, text.bytes, text.length, err);
    ki_text_free(&text);
    return status;
}

/* ---- in a plan ------------------------------------------------------------------------------- */

static size_t apply(ki_reader *reader, const ki_learned *learned) {
    size_t n = 0;
    for (size_t bin = 0; bin < reader->n_containers; bin++) {
        kerb_container *container = &reader->containers[bin].container;
        const ki_learned_value *density = &learned->density[container->stream];
        const ki_learned_value *service =
            &learned->service[container->stream][ki_bin_size_of(container->volume_l)];
        container->density_kg_per_l *= ki_learned_factor(density);
        container->service_s *= ki_learned_factor(service);
        n += density->n || service->n;
    }
    return n;
}

/* A file that cannot be read never costs a night: the stated values hold, and a note says so. */
kerb_status ki_learned_apply(ki_reader *reader, kerb_error *err) {
    const char *name = ki_keys_get(&ki_district_keys, reader->file, "learned", NULL).text;
    if (!name || !name[0] || reader->options->as_stated) return KERB_OK;
    ki_text path = {0};
    ki_learned learned;
    kerb_error why = {0};
    ki_text_add(&path, "%s%s", name[0] == '/' ? "" : reader->folder, name);
    if (path.failed) return ki_fail_no_memory(err, reader->path);
    kerb_status status = ki_learned_read(&learned, path.bytes, &why);
    ki_text_free(&path);
    if (status == KERB_OK) {
        size_t n = apply(reader, &learned);
        if (n)
            status = ki_reader_note(reader, err, "learned",
                                    "%s: kg per litre or time of %zu containers as %zu nights "
                                    "taught",
                                    name, n, learned.n_nights);
    } else if (status != KERB_NO_MEMORY) {
        status = ki_reader_note(reader, err, "degraded", "what was learnt is not used: %.300s",
                                why.message);
    } else {
        status = ki_fail_no_memory(err, name);
    }
    ki_learned_free(&learned);
    return status;
}
