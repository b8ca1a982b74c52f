/* SPDX-License-Identifier: GPL-3.0-or-later
 * map_parts.h - the files of io/map as they lie in the program. */
#ifndef KI_MAP_PARTS_H
#define KI_MAP_PARTS_H

typedef struct ki_map_part {
    const char *begin, *end;
} ki_map_part;

extern const ki_map_part ki_map_page_html, ki_map_page_css, ki_map_engine_js, ki_map_engine_css,
    ki_map_engine_licence;
/* The page's own script, in the order in which it is read: what runs first, and the rest. */
enum { KI_MAP_N_FIRST = 3, KI_MAP_N_SCRIPTS = 9 };
extern const ki_map_part ki_map_scripts[KI_MAP_N_SCRIPTS];
#endif
