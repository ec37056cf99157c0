/* Notes of a hollow context; see work.h. */
#include "tensor/work.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

const char sg_normal_kind[] = "normal";
const char sg_update_kind[] = "update";
const char sg_average_kind[] = "average";
const char sg_check_kind[] = "check";

sg_work_log *sg_work_log_create(void)
{
    sg_work_log *log = sg_allocate(1, sizeof *log);
    if (log)
        log->weight = 1;
    return log;
}

void sg_work_log_destroy(sg_work_log *log)
{
    if (log)
        free(log->items);
    free(log);
}

bool sg_work_is_same(const sg_work *a, const sg_work *b)
{
    if (a->kind != b->kind || a->operand_count != b->operand_count ||
        !sg_shape_equal(&a->result, &b->result) ||
        memcmp(a->attributes, b->attributes, sizeof a->attributes) != 0)
        return false;
    for (int i = 0; i < a->operand_count; i++)
        if (!sg_shape_equal(&a->operands[i], &b->operands[i]))
            return false;
    return true;
}

void sg_work_note(const char *kind, const void *attributes, size_t attribute_bytes,
                  sg_tensor *const *operands, int operand_count, const sg_tensor *result)
{
    if (!result || !sg_is_hollow(result->context))
        return;
    sg_work_log *log = result->context->work;
    sg_work work = {.kind = kind,
                    .calls = log->weight,
                    .operand_count = operand_count,
                    .result = result->shape};
    for (int i = 0; i < operand_count; i++)
        work.operands[i] = operands[i] ? operands[i]->shape : (sg_shape){.rank = -1};
    if (attributes)
        memcpy(work.attributes, attributes,
               attribute_bytes < sizeof work.attributes ? attribute_bytes : sizeof work.attributes);
    for (size_t i = log->count; i-- > 0;)
        if (sg_work_is_same(&log->items[i], &work)) {
            log->items[i].calls += work.calls;
            return;
        }
    if (sg_grow(&log->items, &log->capacity, log->count, sizeof *log->items))
        log->items[log->count++] = work;
    else
        sg_context_fail_memory(result->context, "a forecast");
}

void sg_work_note_pass(const char *kind, sg_tensor *tensor, int arrays)
{
    sg_tensor *operands[SG_MAX_INPUTS];
    for (int i = 0; i < arrays; i++)
        operands[i] = tensor;
    sg_work_note(kind, NULL, 0, operands, arrays, tensor);
}
