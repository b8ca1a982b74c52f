/* SPDX-License-Identifier: GPL-3.0-or-later
 * drive_side.c - does traffic keep left where the extract lies? A coarse table of boxes: cities,
 * not borders, are what is planned, so each node votes and the majority holds. Source: the list of
 * left-driving countries (Kincaid, The Rule of the Road, 1986, with Samoa's change of 2009). */
#include "road/graph_build.h"

typedef struct box {
    int16_t south, west, north, east; /* whole degrees times 10 */
} box;

static const box LEFT[] = {
    {498, -108, 610, 20},                              /* Ireland, Great Britain */
    {342, 322, 357, 346},    {357, 141, 361, 146},     /* Cyprus, Malta */
    {240, 1229, 346, 1320},  {330, 1320, 456, 1460},   /* Japan */
    {-440, 1120, -92, 1540}, {-480, 1660, -340, 1790}, /* Australia, New Zealand */
    {237, 610, 280, 682},    {280, 660, 355, 745},     /* Pakistan */
    {60, 680, 280, 888},     {280, 745, 345, 800},     /* India, Sri Lanka, Nepal */
    {205, 880, 270, 926},    {260, 920, 282, 970},     /* Bangladesh, eastern India */
    {230, 920, 260, 946},                              /* Manipur, Mizoram, Nagaland */
    {221, 1138, 225, 1144},  {221, 1135, 222, 1136},   /* Hong Kong, Macau */
    {56, 980, 140, 1023},    {140, 980, 178, 1044},    /* Thailand */
    {178, 980, 205, 1004},   {-110, 950, 56, 1410},    /* Thailand, Malaysia, Indonesia */
    {8, 995, 68, 1195},      {-108, 1410, -25, 1560},  /* Malaysia, Brunei, New Guinea */
    {-120, 1560, -60, 1630}, {-200, 1760, -150, 1799}, /* Solomons, Fiji */
    {-350, 165, -168, 330},  {-270, 320, -103, 410},   /* South Africa to Mozambique */
    {-180, 218, -80, 340},   {-118, 294, 46, 418},     /* Zambia, Malawi, East Africa */
    {-206, 572, -198, 579},  {-48, 552, -42, 560},     /* Mauritius, Seychelles */
    {176, -786, 186, -761},  {208, -795, 274, -726},   /* Jamaica, Bahamas */
    {99, -620, 114, -604},   {129, -597, 134, -593},   /* Trinidad, Barbados */
    {12, -614, 86, -565},    {19, -581, 61, -539},     /* Guyana, Suriname */
};
/* Countries inside those boxes that keep right: Burundi with Rwanda, and south-eastern Congo. */
static const box RIGHT[] = {
    {-45, 288, -10, 309},   {-90, 260, 46, 292},
    {-125, 250, -98, 284},  {345, 1240, 388, 1296}, /* Korea, beside Kyushu */
    {335, 1258, 352, 1292}, {50, 1170, 190, 1270},  /* Philippines */
    {104, 1023, 140, 1080},                         /* Cambodia, Vietnam */
};

static int inside(const box *boxes, size_t n, int32_t lat_e7, int32_t lon_e7) {
    for (size_t index = 0; index < n; index++)
        if (lat_e7 >= boxes[index].south * 1000000 && lat_e7 <= boxes[index].north * 1000000 &&
            lon_e7 >= boxes[index].west * 1000000 && lon_e7 <= boxes[index].east * 1000000)
            return 1;
    return 0;
}

int ki_graph_drives_left(const ki_graph *graph) {
    int32_t left = 0;
    for (int32_t node = 0; node < graph->n_nodes; node++) {
        int32_t lat_e7 = graph->nodes[node].lat_e7, lon_e7 = graph->nodes[node].lon_e7;
        left += inside(LEFT, sizeof LEFT / sizeof *LEFT, lat_e7, lon_e7) &&
                !inside(RIGHT, sizeof RIGHT / sizeof *RIGHT, lat_e7, lon_e7);
    }
    return left > graph->n_nodes / 2;
}
