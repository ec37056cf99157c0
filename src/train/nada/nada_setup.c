/*
 * Prepares moving a generator to another domain; see nada_setup.h.
 * Tested by: tests/cli/test_train_nada.c
 */
#include "train/nada/nada_setup.h"

#include <string.h>

#include "base/files/file.h"
#include "checkpoint/network/network_load.h"
#include "data/picture_base.h"
#include "train/step/nada_layers.h"

static sg_network_part part_of(const sg_network_file *file)
{
    return sg_network_has(file, SG_PART_G_EMA) ? SG_PART_G_EMA : SG_PART_G;
}

/* Reads the config of the generator of options->network. */
static sg_status read_config(const sg_run_options *options, sg_generator_config *config,
                             sg_error *error)
{
    sg_network_file *file = NULL;
    SG_TRY(sg_network_open(options->network, &file, error));
    const sg_status status = sg_network_generator_config(file, part_of(file), config, error);
    sg_network_close(file);
    return status;
}

sg_status sg_nada_setup_info(const sg_run_options *options, sg_dataset_info *info, sg_error *error)
{
    sg_generator_config config;
    SG_TRY(read_config(options, &config, error));
    *info = (sg_dataset_info){
        .height = (size_t)sg_picture_side(config.base_height, config.img_resolution),
        .width = (size_t)sg_picture_side(config.base_width, config.img_resolution),
        .channels = (size_t)config.img_channels};
    const char *name = sg_path_name(options->network);
    sg_dataset_set_name(info, name, strcspn(name, "."));
    return SG_OK;
}

static void follow(double *weight, double usual)
{
    if (*weight < 0)
        *weight = usual;
}

sg_status sg_nada_setup_options(sg_context *context, sg_run_options *options, sg_error *error)
{
    sg_nada_options *nada = &options->trainer.nada;
    SG_TRY(read_config(options, &options->trainer.generator, error));
    sg_generator *generator = sg_generator_create(context, &options->trainer.generator, SG_F32, 0);
    if (!generator)
        return sg_context_take_error(context, error);
    const int layers = sg_nada_layer_count(generator);
    sg_generator_destroy(generator);
    follow(&nada->directional, 1);
    follow(&nada->global, options->words.towards[0] ? 1 : 0);
    follow(&nada->manifold, 0);
    if (nada->layers < 0)
        nada->layers = options->data[0] ? 0 : (layers + 1) / 2;
    if (nada->layers > layers)
        return sg_fail(
            error, SG_ERROR_ARGUMENT,
            "\"auto_layers\" is %d, but must be 0 to %d, the layers of the generator of %s",
            nada->layers, layers, options->network);
    return SG_OK;
}

/* Fills the original, the copy and its average. */
static sg_status fill(const sg_trainer_networks *networks, const char *path, sg_error *error)
{
    sg_generator *const all[] = {networks->painter, networks->generator, networks->average};
    sg_network_file *file = NULL;
    SG_TRY(sg_network_open(path, &file, error));
    sg_status status = SG_OK;
    for (size_t i = 0; i < sizeof all / sizeof *all && !status; i++)
        status =
            sg_network_fill_generator(file, part_of(file), sg_generator_parameters(all[i]), error);
    sg_network_close(file);
    return status;
}

sg_status sg_nada_setup_trainer(sg_trainer *trainer, const sg_run_options *options, sg_error *error)
{
    const sg_trainer_networks networks = sg_trainer_networks_of(trainer);
    sg_nada_goal *goal = NULL;
    SG_TRY(fill(&networks, options->network, error));
    SG_TRY(sg_nada_goal_towards(options->words.classifier, options->words.towards, networks.painter,
                                &goal, error));
    sg_trainer_take_goal(trainer, goal);
    return SG_OK;
}
