/* SPDX-License-Identifier: GPL-3.0-or-later
 * coordinates.h - GCJ-02 and BD-09 to and from WGS84 (accuracy 1e-8 degrees by iteration). */
#ifndef KI_COORDINATES_H
#define KI_COORDINATES_H
#include "kerbside.h"
void ki_to_wgs84(kerb_coordinates from, double *lat_deg, double *lon_deg);
void ki_from_wgs84(kerb_coordinates to, double *lat_deg, double *lon_deg);
#endif
