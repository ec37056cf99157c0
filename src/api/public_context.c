/* Contexts of the public interface, and the rows of their options. */
#include "api/call.h"
#include "api/context_fields.h"
#include "base/machine/memory.h"
#include "base/parallel.h"
#include "tensor/context.h"

static const sg_field threads_fields[] = {
    {"threads", SG_INT(sg_context_options, threads, 0, SG_MOST_THREADS),
     SG_OPTION("threads", "N", "threads; 0 takes all processors"), SG_USUAL("0"),
     SG_GROUP("Speed")},
};
const sg_field_table sg_threads_fields_table = {threads_fields, 1, NULL};

static const sg_field memory_fields[] = {
    {"memory", SG_CODED(sg_context_options, memory, &sg_bytes_codec),
     SG_OPTION("memory", "BYTES",
               "refuse what takes more memory in all, such as 512M or 24G, before it begins"),
     SG_USUAL("what the machine has"), SG_GROUP("Speed")},
};
const sg_field_table sg_memory_fields_table = {memory_fields, 1, &sg_threads_fields_table};

static const sg_field compute_fields[] = {
    {"exact", SG_FLAG(sg_context_options, exact),
     SG_OPTION("exact", NULL,
               "convolve directly, without the faster algorithms whose results differ by rounding"),
     SG_GROUP("Speed")},
};
const sg_field_table sg_compute_fields_table = {compute_fields, 1, &sg_memory_fields_table};

static const sg_field painting_fields[] = {
    {"map", SG_FLAG(sg_context_options, map),
     SG_OPTION("map", NULL,
               "leave the weights in a safetensors file, which must not change meanwhile: less "
               "memory for large networks"),
     SG_GROUP("Speed")},
};
const sg_field_table sg_painting_fields_table = {painting_fields, 1, &sg_compute_fields_table};

int sg_call_begin(const sg_context *context)
{
    const int before = sg_thread_count();
    sg_set_thread_count(context->threads);
    return before;
}

void sg_call_end(int threads_before)
{
    sg_set_thread_count(threads_before);
}

void sg_context_options_init(sg_context_options *options)
{
    *options = (sg_context_options){.threads = 0, .exact = false, .map = false, .memory = 0};
}

sg_status sg_context_open(const sg_context_options *options, sg_context **context, sg_error *error)
{
    sg_context_options defaults;
    sg_error_clear(error);
    *context = NULL;
    sg_context_options_init(&defaults);
    if (!options)
        options = &defaults;
    SG_TRY(sg_fields_check(&sg_threads_fields_table, options, NULL, SG_SPELL_MEMBER, error));
    /* Making a context sets the thread's number of threads, which is the caller's own. */
    const int before = sg_thread_count();
    *context = sg_context_create_with(options);
    sg_set_thread_count(before);
    if (!*context)
        return sg_fail_memory(error, "a context");
    return SG_OK;
}

void sg_context_close(sg_context *context)
{
    sg_context_destroy(context);
}
