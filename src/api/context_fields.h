/* The fields of sg_context_options, as options of commands and in sentences. */
#ifndef SG_API_CONTEXT_FIELDS_H
#define SG_API_CONTEXT_FIELDS_H

#include "base/fields.h"

/* --threads, --memory and --exact, under "Speed". */
extern const sg_field_table sg_compute_fields_table;

/* --threads, --memory, --exact and --map, for commands that paint with one network. */
extern const sg_field_table sg_painting_fields_table;

/* --threads and --memory, for commands that always convolve in the same way. */
extern const sg_field_table sg_memory_fields_table;

/* --threads alone, for many trainings. */
extern const sg_field_table sg_threads_fields_table;

#endif
