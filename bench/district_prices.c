/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_prices.c - reads KERBSIDE_DATA/districts/prices.yaml and the like. */
#include "bench/district_prices.h"

#include "base/error.h"
#include "io/district_keys.h"
#include "io/district_yaml.h"

typedef struct price {
    const char *map, *key;
    double *value;
} price;

static kerb_status read_price(const ki_yaml *root, const price *entry, const char *path,
                              kerb_error *err) {
    const ki_yaml *map = entry->map ? ki_yaml_child(root, entry->map) : root;
    const ki_yaml *node = ki_yaml_child(map, entry->key);
    if (!node || (node->kind == KI_YAML_SCALAR && ki_parse_number(node->text, entry->value)))
        return KERB_OK;
    return ki_fail(err, KERB_BAD_INPUT, "%s, line %d, key %s: expected a number", path, node->line,
                   entry->key);
}

static kerb_status read_vehicle_prices(const ki_yaml *root, const char *kind, vehicle_prices *out,
                                       const char *path, kerb_error *err) {
    const price entries[] = {{kind, "used", &out->used},
                             {kind, "per_km", &out->per_km},
                             {kind, "per_hour", &out->per_hour},
                             {kind, "overtime_per_hour", &out->overtime_per_hour}};
    for (size_t at = 0; at < sizeof entries / sizeof *entries; at++)
        KI_TRY(read_price(root, &entries[at], path, err));
    return KERB_OK;
}

static kerb_status read_all_prices(price_list *to, const ki_yaml *root, const char *path,
                                   kerb_error *err) {
    const price entries[] = {{"tip_per_tonne", "residual", &to->tip_per_tonne[0]},
                             {"tip_per_tonne", "food", &to->tip_per_tonne[1]},
                             {"tip_per_tonne", "recyclable", &to->tip_per_tonne[2]},
                             {"tip_per_tonne", "hazardous", &to->tip_per_tonne[3]},
                             {NULL, "unserved_must", &to->unserved_must},
                             {NULL, "unswept_kerb_per_km", &to->unswept_kerb_per_km},
                             {NULL, "overflow_per_container_day", &to->overflow_per_container_day}};
    KI_TRY(read_vehicle_prices(root, "truck_small", &to->truck_small, path, err));
    KI_TRY(read_vehicle_prices(root, "truck_large", &to->truck_large, path, err));
    KI_TRY(read_vehicle_prices(root, "sweeper", &to->sweeper, path, err));
    for (size_t at = 0; at < sizeof entries / sizeof *entries; at++)
        KI_TRY(read_price(root, &entries[at], path, err));
    return KERB_OK;
}

kerb_status district_prices_read(price_list *out, const char *path, kerb_error *err) {
    *out = default_prices;
    if (!path) return KERB_OK;
    ki_arena arena = {0};
    const ki_yaml *root;
    kerb_status status = ki_yaml_read(&root, path, &arena, err);
    if (status == KERB_OK) status = read_all_prices(out, root, path, err);
    ki_arena_free(&arena);
    return status;
}
