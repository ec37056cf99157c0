/* What a sweep came to, as tables: table.csv and table.json of the settings, the best first, and
 * runs.csv of the trainings. They hold nothing that depends on time, so that a sweep that was
 * killed and resumed ends with the same files. */
#ifndef SG_SWEEP_SWEEP_TABLE_H
#define SG_SWEEP_SWEEP_TABLE_H

#include "base/text.h"
#include "sweep/sweep_score.h"

/* Writes the tables to the folder of a sweep. Fails with SG_ERROR_FILE or SG_ERROR_MEMORY. */
sg_status sg_sweep_tables_write(const char *folder, const sg_sweep_request *request,
                                const sg_sweep_plan *plan, sg_error *error);

/* Appends the table of the settings in aligned columns. Fails with SG_ERROR_MEMORY. */
sg_status sg_sweep_table_append(const char *folder, const sg_sweep_request *request,
                                const sg_sweep_plan *plan, sg_text *text, sg_error *error);

#endif
