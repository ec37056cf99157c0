/*
 * Stands in for gemm.c in a build without oneDNN (SG_ONEDNN=OFF).
 * Tested by: tests/platforms/plain_kernels.sh
 */
#include "kernels/product/gemm.h"

sg_status sg_gemm_f32(const sg_gemm *product)
{
    return sg_gemm_tiles_f32(product);
}
