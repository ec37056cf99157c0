/* Tables of fields that several commands share; see option_groups.h. */
#include "cli/options/option_groups.h"

#include "stylegan.h"

/* The largest number of threads, as stylegan.h has it. */
enum { MOST_THREADS = 1024 };

static const sg_field threads_fields[] = {
    {.name = "threads",
     .kind = SG_FIELD_INT,
     .offset = offsetof(sg_context_options, threads),
     .least = 0,
     .most = MOST_THREADS,
     .option = "threads",
     .value = "N",
     .help = "threads; 0 takes all processors",
     .usual = "0",
     .group = "Speed"},
};
const sg_field_table sg_threads_fields_table = {threads_fields, 1, NULL};

static const sg_field compute_fields[] = {
    {.name = "exact",
     .kind = SG_FIELD_FLAG,
     .offset = offsetof(sg_context_options, exact),
     .option = "exact",
     .help = "convolve directly, without the faster algorithms whose results differ by rounding",
     .group = "Speed"},
};
const sg_field_table sg_compute_fields_table = {compute_fields, 1, &sg_threads_fields_table};
