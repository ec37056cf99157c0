/* The list of all operations, from the one table; a hook for tests. */
#include "ops/op_table.h"

#define SG_OP_ADDRESS(name) &sg_op_##name,
static const sg_op *const all_ops[] = {SG_OP_TABLE(SG_OP_ADDRESS)};
#undef SG_OP_ADDRESS

const sg_op *const *sg_op_list(size_t *count)
{
    *count = sizeof all_ops / sizeof *all_ops;
    return all_ops;
}
