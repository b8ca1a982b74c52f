/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_database.h - a table of a PostgreSQL or PostGIS database in place of a file: its
 * connection as GDAL writes it, "PG:host=db dbname=city user=kerbside". */
#ifndef KI_TABLES_DATABASE_H
#define KI_TABLES_DATABASE_H
#include "base/text.h"

int ki_is_connection(const char *name);
/* For people: what follows password= is not shown. */
void ki_connection_show(ki_text *text, const char *connection);
/* To open with: a server that does not answer is given up after ten seconds, if nothing else is
 * stated. */
void ki_connection_complete(ki_text *text, const char *connection);
#endif
