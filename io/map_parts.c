/* SPDX-License-Identifier: GPL-3.0-or-later
 * map_parts.c - the files of io/map, put into the program by the assembler: a C array of the map
 * engine's million bytes would take the compiler a hundred times as long. KERB_MAP_FOLDER is
 * their folder. */
#include "io/map_parts.h"

#define PART(name, file)                                                                           \
    __asm__(".pushsection .rodata\n"                                                               \
            "ki_part_" #name "_begin: .incbin \"" KERB_MAP_FOLDER "/" file "\"\n"                  \
            "ki_part_" #name "_end: .byte 0\n"                                                     \
            ".popsection\n");                                                                      \
    extern const char ki_part_##name##_begin[] __attribute__((visibility("hidden")));              \
    extern const char ki_part_##name##_end[] __attribute__((visibility("hidden")))
#define ENDS(name)                                                                                 \
    { ki_part_##name##_begin, ki_part_##name##_end }

PART(page_html, "page.html");
PART(page_css, "page.css");
PART(engine_js, "maplibre-gl.js");
PART(engine_css, "maplibre-gl.css");
PART(engine_licence, "maplibre-gl.LICENSE.txt");
PART(words, "words.js");
PART(colours, "colours.js");
PART(first, "first.js");
PART(data, "data.js");
PART(picture, "picture.js");
PART(replay, "replay.js");
PART(vehicles, "vehicles.js");
PART(panel, "panel.js");
PART(main, "main.js");

const ki_map_part ki_map_page_html = ENDS(page_html), ki_map_page_css = ENDS(page_css),
                  ki_map_engine_js = ENDS(engine_js), ki_map_engine_css = ENDS(engine_css),
                  ki_map_engine_licence = ENDS(engine_licence);
const ki_map_part ki_map_scripts[KI_MAP_N_SCRIPTS] = {ENDS(words),    ENDS(colours), ENDS(first),
                                                      ENDS(data),     ENDS(picture), ENDS(replay),
                                                      ENDS(vehicles), ENDS(panel),   ENDS(main)};
