/* Opens the linear module. Tested by: tests/metrics/formulas/test_frechet.c */
#define _GNU_SOURCE
#include "metrics/formulas/linear_module.h"

#include <stdlib.h>

#include "base/module.h"
#include "base/parallel.h"

/*
 * Says which kernels OpenBLAS takes, before it is loaded: it takes a processor that is newer than
 * itself for the oldest one, whose kernels need five times as long. A user's own choice stays.
 */
static void choose_kernels(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    if (__builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw"))
        setenv("OPENBLAS_CORETYPE", "SkylakeX", 0);
    else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        setenv("OPENBLAS_CORETYPE", "Haswell", 0);
#endif
}

sg_status sg_linear_open(const sg_linear_module **module, sg_error *error)
{
    const void *address = NULL;
    choose_kernels();
    SG_TRY(sg_module_open("linear", SG_LINEAR_MODULE_SYMBOL,
                          "this metric needs OpenBLAS and liblinear", &address, error));
    *module = address;
    (*module)->set_threads(sg_thread_count());
    return SG_OK;
}
