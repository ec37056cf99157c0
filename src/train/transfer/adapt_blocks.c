/*
 * Blocks of the discriminator above the file's resolution. They begin as paths through which the
 * features of a halved picture pass: conv1, the end of the other path, is zero, and the shortcut of
 * a residual block carries each channel to the one of its number.
 *
 * Tested by: tests/train/transfer/test_transfer.c
 */
#include <math.h>
#include <string.h>

#include "models/family.h"
#include "train/transfer/adaptation.h"

sg_status sg_adapt_blocks(const sg_transfer_source *source, sg_parameter *target,
                          sg_transfer_result *result, sg_error *error)
{
    const char *rest;
    const sg_discriminator_config *c = &source->d_here;
    const int resolution = sg_transfer_block(target->name, &rest);
    (void)error;
    if (source->of_generator || !source->known || resolution <= source->resolution_file ||
        sg_family_of(c->family)->grows || sg_family_of(c->family)->plain_weights ||
        c->architecture == SG_ARCHITECTURE_ORIG)
        return SG_OK;
    const bool shortcut = strcmp(rest, "skip.weight") == 0;
    if (!shortcut && strcmp(rest, "conv1.weight") != 0 && strcmp(rest, "conv1.bias") != 0)
        return SG_OK;
    const int64_t in = shortcut ? target->tensor->shape.size[1] : 0;
    float *values = sg_transfer_write(target);
    memset(values, 0, (size_t)sg_tensor_count(target->tensor) * sizeof *values);
    /* The layer divides by sqrt(in), and the block's result by sqrt(2). */
    for (int64_t i = 0; i < in && i < target->tensor->shape.size[0]; i++)
        values[i * in + i] = (float)sqrt(2.0 * (double)in);
    *result = (sg_transfer_result){
        SG_TRANSFER_NEW, shortcut ? "a new block, through which features pass unchanged at first"
                                  : "a new block, whose convolutions start without effect"};
    return SG_OK;
}
