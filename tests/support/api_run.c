/* Trainings through the public interface. */
#include "support/api_run.h"

sg_training_options api_run_options(const char *data, const char *outdir)
{
    sg_training_options options;
    sg_training_options_init(&options);
    options.data = data;
    options.outdir = outdir;
    options.kimg = 0.064;
    options.tick_kimg = 0.032;
    options.snapshot_ticks = 1;
    options.batch = 8;
    options.channel_base = 32;
    options.channel_max = 4;
    options.z_dim = 6;
    options.w_dim = 5;
    options.mapping_layers = 2;
    return options;
}
