/*
 * The size of a run's networks. Pictures of one size can grow from several constants, 256x512 from
 * 4x8 or 2x4; weights fit only networks with the same one.
 *
 * Tested by: tests/train/run/test_run.c
 */
#include "train/run/run_size.h"

#include "data/sources/set_advice.h"
#include "models/family.h"
#include "train/run/snapshots.h"

_Static_assert((int)SG_LARGEST_SIDE == (int)SG_LARGEST_RESOLUTION &&
                   (int)SG_LARGEST_LONGER_BASE == (int)SG_LARGEST_BASE,
               "the sizes of pictures are those of networks");

/* Takes the size of networks with this config if their pictures have the data's. */
static bool take_config(const sg_run_state *run, const sg_generator_config *config,
                        sg_picture_base *size)
{
    const int resolution = config->img_resolution;
    if (!sg_family_of(config->family)->rectangles ||
        sg_picture_side(config->base_height, resolution) != (int)run->info.height ||
        sg_picture_side(config->base_width, resolution) != (int)run->info.width)
        return false;
    *size = (sg_picture_base){config->base_height, config->base_width, resolution};
    return true;
}

/* Takes the size of the networks that the run continues or starts from. */
static bool follow_networks(const sg_run_state *run, sg_picture_base *size)
{
    sg_generator_config config;
    const char *init = run->options.init;
    const char *network = run->options.network; /* that is moved or encoded for */
    const char *resume = run->options.resume;
    return (resume && sg_snapshot_config(resume, &config) && take_config(run, &config, size)) ||
           (!resume && init && sg_snapshot_config_of(init, &config) &&
            take_config(run, &config, size)) ||
           (!resume && network[0] && sg_snapshot_config_of(network, &config) &&
            take_config(run, &config, size));
}

sg_status sg_run_size_find(const sg_run_state *run, sg_picture_base *size, sg_error *error)
{
    size_t height = run->info.height;
    size_t width = run->info.width;
    if (follow_networks(run, size) || sg_picture_base_find(height, width, size))
        return SG_OK;
    char advice[512];
    sg_picture_base_near(&height, &width);
    return sg_fail(error, SG_ERROR_SHAPE,
                   "%s holds images of %zux%zu pixels, but a network doubles a constant of 3 to 16 "
                   "pixels on its shorter side: squares of 8, 16, 32 ... 4096, or rectangles such "
                   "as %zux%zu; %s converts it, or \"resolution\" makes squares of it for this "
                   "training",
                   run->options.data, run->info.width, run->info.height, width, height,
                   sg_set_command(run->options.data, width, height,
                                  width > run->info.width || height > run->info.height, advice,
                                  sizeof advice));
}

sg_status sg_run_size_set(sg_run_state *run, const sg_picture_base *size, sg_error *error)
{
    sg_generator_config *generator = &run->options.trainer.generator;
    sg_discriminator_config *discriminator = &run->options.trainer.discriminator;
    const sg_family_descriptor *family = sg_family_of(generator->family);
    char advice[512];
    size_t side = SG_SMALLEST_SIDE;
    while (2 * side <= run->info.width && 2 * side <= run->info.height)
        side *= 2;
    if (!family->rectangles && (size->base_height != 4 || size->base_width != 4))
        return sg_fail(error, SG_ERROR_SHAPE,
                       "%s holds images of %zux%zu pixels, but pictures of %s are squares of 8, "
                       "16, 32 ... pixels a side; \"cfg\" stylegan2 makes rectangles, and %s "
                       "converts it to squares",
                       run->options.data, run->info.width, run->info.height, family->title,
                       sg_set_command(run->options.data, side, side, false, advice, sizeof advice));
    generator->img_resolution = discriminator->img_resolution = size->resolution;
    generator->base_height = discriminator->base_height = size->base_height;
    generator->base_width = discriminator->base_width = size->base_width;
    return SG_OK;
}
