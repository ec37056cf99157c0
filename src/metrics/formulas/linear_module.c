/* Opens the linear module. Tested by: tests/metrics/formulas/test_frechet.c */
#include "metrics/formulas/linear_module.h"

#include "base/module.h"
#include "base/parallel.h"

sg_status sg_linear_open(const sg_linear_module **module, sg_error *error)
{
    const void *address = NULL;
    SG_TRY(sg_module_open("linear", SG_LINEAR_MODULE_SYMBOL,
                          "this metric needs OpenBLAS and liblinear", &address, error));
    *module = address;
    (*module)->set_threads(sg_thread_count());
    return SG_OK;
}
