/* SPDX-License-Identifier: GPL-3.0-or-later
 * sensors.h - the verdict on every sensor of a district, for the maintenance list. */
#ifndef KI_SENSORS_H
#define KI_SENSORS_H
#include "kerbside.h"

typedef struct ki_sensor {
    const char *container_id, *site_id, *site_name;
    kerb_stream stream;
    const char *verdict; /* ok, no reports, not credible, silent, stuck, wild, ... */
    int verdict_code;    /* 0: ok */
    char reason[160];    /* "" where ok */
    size_t n_reports, n_rejected;
    int64_t newest_s; /* newest credible report; KERB_NO_TIME: none */
    int unrecorded;   /* its level shows an emptying newer than the recorded one */
    double fill_ratio, sd_ratio, rate_per_day;
} ki_sensor;

typedef struct ki_sensor_alarm {
    const char *kind; /* fire, tilt, lid open, alarm */
    const char *container_id, *site_id, *site_name, *word, *source; /* source may be NULL */
    int64_t at_s;
    double hours; /* before as-of */
} ki_sensor_alarm;

typedef struct ki_sensors {
    ki_sensor_alarm *alarms; /* that stand, gravest first */
    size_t n_alarms;
    ki_sensor *sensors; /* worst first */
    size_t n, n_sick, n_unrecorded, n_reports, n_rejected;
    size_t n_never; /* of the n: never reported, so not in doubt either */
} ki_sensors;

/* model: not sealed; must outlive *out. Free with ki_sensors_free. */
kerb_status ki_sensors_judge(ki_sensors *out, const kerb_model *model, kerb_error *err);
void ki_sensors_free(ki_sensors *sensors);
#endif
