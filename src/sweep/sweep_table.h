/* What a sweep came to, as tables: table.csv and table.json of the settings, the best first, and
 * runs.csv of the trainings. They hold nothing that depends on time, so that a sweep that was
 * killed and resumed ends with the same files. */
#ifndef SG_SWEEP_SWEEP_TABLE_H
#define SG_SWEEP_SWEEP_TABLE_H

#include "base/text.h"
#include "runs/compare/page_table.h"
#include "sweep/sweep_summary.h"

/* Writes the tables to the folder of the sweep. Fails with SG_ERROR_FILE or SG_ERROR_MEMORY. */
sg_status sg_sweep_tables_write(const sg_sweep_summary *summary, sg_error *error);

/* Makes the table of the settings for people, with numbers of five digits. Fails with
 * SG_ERROR_MEMORY; the caller clears *table in any case. */
sg_status sg_sweep_table_make(const sg_sweep_summary *summary, sg_page_table *table,
                              sg_error *error);

/* Appends a table in aligned columns. */
void sg_sweep_table_append(const sg_page_table *table, sg_text *text);

#endif
