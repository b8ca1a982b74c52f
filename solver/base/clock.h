/* SPDX-License-Identifier: GPL-3.0-or-later
 * clock.h - elapsed time, for limits and benches only: no decision of a plan may depend on it. */
#ifndef KI_CLOCK_H
#define KI_CLOCK_H
double ki_clock_wall_s(void); /* monotonic */
double ki_clock_cpu_s(void);  /* of the process */
#endif
