/* Contexts as programs outside see them. */
#include "api/call.h"
#include "base/parallel.h"
#include "tensor/context.h"

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
    *options = (sg_context_options){.threads = 0, .exact = false};
}

sg_status sg_context_open(const sg_context_options *options, sg_context **context, sg_error *error)
{
    sg_context_options defaults;
    sg_error_clear(error);
    *context = NULL;
    sg_context_options_init(&defaults);
    if (!options)
        options = &defaults;
    if (options->threads < 0 || options->threads > SG_MOST_THREADS)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "threads is %d, but must be from 1 to %d, or 0 for all processors",
                       options->threads, SG_MOST_THREADS);
    /* Making a context sets the thread's number of threads, which is the caller's own. */
    const int before = sg_thread_count();
    *context = sg_context_create(options->threads);
    sg_set_thread_count(before);
    if (!*context)
        return sg_fail_memory(error, "a context");
    (*context)->exact = options->exact;
    return SG_OK;
}

void sg_context_close(sg_context *context)
{
    sg_context_destroy(context);
}
