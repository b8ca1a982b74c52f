/* SPDX-License-Identifier: GPL-3.0-or-later
 * sort.h - orders for qsort that more than one file needs. */
#ifndef KI_SORT_H
#define KI_SORT_H

/* Of doubles, least first. None may be NAN. */
static inline int ki_compare_doubles(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}
#endif
