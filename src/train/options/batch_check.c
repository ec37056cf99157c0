/*
 * Checks of batches.
 * Tested by: tests/cli/test_train.c
 */
#include "train/options/batch_check.h"

int sg_batch_part(const sg_trainer_options *options, int batch)
{
    return options->batch_part > 0 && options->batch_part < batch ? options->batch_part : batch;
}

/* `resolution` is that of the batch; 0 when all resolutions have the same batch. */
static sg_status check_batch(const sg_trainer_options *o, int batch, int resolution,
                             sg_error *error)
{
    int part = sg_batch_part(o, batch);
    int group = o->discriminator.mbstd_num_channels > 0 ? o->discriminator.mbstd_group_size : 0;
    if (batch % part != 0 && resolution > 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"batch_part\" must divide the batch of every resolution, but %d does not "
                       "divide the %d of %dx%d",
                       o->batch_part, batch, resolution, resolution);
    if (batch % part != 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"batch_part\" must divide \"batch\", but %d does not divide %d",
                       o->batch_part, batch);
    if (group > 0 && part > group && part % group != 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"batch\" (or \"batch_part\") must be a multiple of \"minibatch_group\" or "
                       "smaller than it, but %d is no multiple of %d",
                       part, group);
    return SG_OK;
}

sg_status sg_batch_check(const sg_trainer_options *options, int resolution, sg_error *error)
{
    const sg_growing_schedule *growing = &options->growing;
    const bool by_resolution = growing->initial_resolution > 0 && resolution > 0;
    if (!by_resolution && options->batch < 0)
        return SG_OK;
    if (!by_resolution && options->batch_part > options->batch)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"batch_part\" must divide \"batch\", but %d is larger than %d",
                       options->batch_part, options->batch);
    if (!by_resolution)
        return check_batch(options, options->batch, 0, error);
    sg_status status = SG_OK;
    int first = sg_growing_first_level(growing, resolution);
    for (int i = first; i <= sg_growing_level(resolution) && !status; i++)
        status = check_batch(options, growing->batch[i], 4 << i, error);
    return status;
}
