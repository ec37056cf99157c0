/*
 * The context and its scopes: one stack of owned tensors, on which a scope is a height. Closing a
 * scope releases what lies above.
 */
#include "tensor/context.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/machine/memory.h"
#include "base/parallel.h"
#include "tensor/tensor.h"
#include "tensor/work.h"

/* Creates a context with a pool and perhaps a work log, which it owns from then on. */
static sg_context *create(int threads, sg_pool *pool, sg_work_log *work)
{
    sg_context *context = pool ? sg_allocate(1, sizeof *context) : NULL;
    if (!context) {
        sg_pool_destroy(pool);
        sg_work_log_destroy(work);
        return NULL;
    }
    context->pool = pool;
    context->work = work;
    context->threads = threads;
    return context;
}

sg_context *sg_context_create(int threads)
{
    sg_set_thread_count(threads);
    return create(threads, sg_pool_create(), NULL);
}

sg_context *sg_context_create_with(const sg_context_options *options)
{
    sg_context *context = sg_context_create(options->threads);
    if (!context)
        return NULL;
    context->exact = options->exact;
    context->map_files = options->map;
    context->memory = options->memory;
    if (options->memory > 0) {
        const double left = (double)options->memory - sg_resident_bytes();
        sg_pool_limit(context->pool, left > 1 ? (size_t)left : 1);
    }
    return context;
}

sg_context *sg_context_create_hollow(void)
{
    sg_work_log *work = sg_work_log_create();
    return work ? create(sg_thread_count(), sg_pool_create_hollow(), work) : NULL;
}

void sg_context_destroy(sg_context *context)
{
    if (!context)
        return;
    sg_scope_close(context, 0, NULL);
    if (context->convolution.destroy)
        context->convolution.destroy(context->convolution.state);
    free(context->scope);
    sg_pool_destroy(context->pool);
    sg_work_log_destroy(context->work);
    free(context);
}

sg_tensor *sg_context_fail(sg_context *context, sg_status status, const char *format, ...)
{
    char message[sizeof context->error.message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    sg_fail(&context->error, status, "%s", message);
    return NULL;
}

sg_tensor *sg_context_fail_memory(sg_context *context, const char *format, ...)
{
    char noun[sizeof context->error.message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(noun, sizeof noun, format, arguments);
    va_end(arguments);
    sg_fail_memory(&context->error, "%s", noun);
    return NULL;
}

void *sg_context_allocate(sg_context *context, size_t size, const char *what)
{
    void *memory = sg_allocate(1, size);
    if (!memory)
        sg_context_fail_memory(context, "%s", what);
    return memory;
}

sg_status sg_context_take_error(sg_context *context, sg_error *error)
{
    sg_status status = context->error.status;
    if (status)
        sg_fail(error, status, "%s", context->error.message);
    sg_error_clear(&context->error);
    return status;
}

size_t sg_scope_open(sg_context *context)
{
    return context->scope_count;
}

sg_tensor *sg_scope_close(sg_context *context, size_t scope, sg_tensor *keep)
{
    if (keep)
        sg_tensor_retain(keep);
    while (context->scope_count > scope)
        sg_tensor_release(context->scope[--context->scope_count]);
    return keep ? sg_scope_own(context, keep) : NULL;
}

void sg_scope_close_pair(sg_context *context, size_t scope, sg_tensor *a, sg_tensor *b)
{
    sg_tensor_retain(b);
    sg_scope_close(context, scope, a);
    if (b)
        sg_scope_own(context, b);
}

sg_tensor *sg_scope_own(sg_context *context, sg_tensor *tensor)
{
    if (!sg_grow(&context->scope, &context->scope_capacity, context->scope_count,
                 sizeof *context->scope)) {
        sg_tensor_release(tensor);
        return sg_context_fail_memory(context, "a list of %zu tensors", context->scope_count + 1);
    }
    context->scope[context->scope_count++] = tensor;
    return tensor;
}
