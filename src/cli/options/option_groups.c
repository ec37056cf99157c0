/* Tables of fields that several commands share; see option_groups.h. */
#include "cli/options/option_groups.h"

#include "stylegan.h"

/* The largest number of threads, as stylegan.h has it. */
enum { MOST_THREADS = 1024 };

static const sg_field threads_fields[] = {
    {"threads", SG_INT(sg_context_options, threads, 0, MOST_THREADS),
     SG_OPTION("threads", "N", "threads; 0 takes all processors"), SG_USUAL("0"),
     SG_GROUP("Speed")},
};
const sg_field_table sg_threads_fields_table = {threads_fields, 1, NULL};

static const sg_field compute_fields[] = {
    {"exact", SG_FLAG(sg_context_options, exact),
     SG_OPTION("exact", NULL,
               "convolve directly, without the faster algorithms whose results differ by rounding"),
     SG_GROUP("Speed")},
};
const sg_field_table sg_compute_fields_table = {compute_fields, 1, &sg_threads_fields_table};
