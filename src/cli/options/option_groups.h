/* Tables of fields that several commands share. */
#ifndef SG_CLI_OPTIONS_OPTION_GROUPS_H
#define SG_CLI_OPTIONS_OPTION_GROUPS_H

#include "base/fields.h"

/* --threads and --exact, under "Speed"; the struct is sg_context_options. */
extern const sg_field_table sg_compute_fields_table;

/* --threads alone, for commands without convolutions; the same struct. */
extern const sg_field_table sg_threads_fields_table;

#endif
