/*
 * Prepares moving a generator to another domain; see nada_setup.h.
 * Tested by: tests/cli/test_train_nada.c
 */
#include "train/nada/nada_setup.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "checkpoint/network/network_load.h"
#include "data/kinds/open_dataset.h"
#include "data/picture_base.h"
#include "features/clip/clip.h"
#include "features/clip/prompts.h"
#include "image/image.h"
#include "tensor/context.h"
#include "tensor/normal.h"
#include "train/step/nada_layers.h"

enum {
    PAINTED = 16, /* pictures that few ones of the other domain are compared with */
    PAINTED_STREAM = 0x6e616461,
    MOST_PICTURES = 256,
    AT_ONCE = 4 /* pictures that CLIP looks at together, which divides PAINTED: they are large */
};

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

/* Sets the sizes of a mapper: the published ones, or of fewer inputs as many parts coarse and
 * middle. */
static void set_sizes(const sg_generator *generator, sg_mapper_config *mapper)
{
    *mapper = sg_mapper_config_default();
    const int published = mapper->num_ws;
    mapper->num_ws = sg_generator_num_ws(generator);
    mapper->w_dim = sg_generator_config_of(generator)->w_dim;
    if (mapper->num_ws < published) {
        mapper->coarse = (mapper->coarse * mapper->num_ws + published / 2) / published;
        mapper->middle = (mapper->middle * mapper->num_ws + published / 2) / published;
    }
}

sg_status sg_nada_setup_options(sg_context *context, sg_run_options *options, sg_error *error)
{
    sg_nada_options *nada = &options->trainer.nada;
    SG_TRY(read_config(options, &options->trainer.generator, error));
    sg_generator *generator = sg_generator_create(context, &options->trainer.generator, SG_F32, 0);
    if (!generator)
        return sg_context_take_error(context, error);
    const int layers = sg_nada_layer_count(generator);
    set_sizes(generator, &options->trainer.mapping.mapper);
    sg_generator_destroy(generator);
    follow(&nada->directional, 1);
    follow(&nada->global, options->words.towards[0] ? 1 : 0);
    follow(&nada->manifold, 0);
    if (nada->layers < 0)
        nada->layers = options->data[0] ? 0 : (layers + 1) / 2;
    if (options->trainer.nada.moves && nada->layers > layers)
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
    for (size_t i = 0; i < sizeof all / sizeof *all && all[i] && !status; i++)
        status =
            sg_network_fill_generator(file, part_of(file), sg_generator_parameters(all[i]), error);
    sg_network_close(file);
    return status;
}

/* Fails for a network that is still growing: its copy, which is trained at full size, would paint
 * other pictures from the start. */
static sg_status check_grown(sg_generator *painter, const char *path, sg_error *error)
{
    const sg_parameter *found =
        sg_parameter_find(sg_generator_parameters(painter), "synthesis.lod");
    const double level = found ? sg_tensor_value(found->tensor, 0) : 0;
    return level > 0 ? sg_fail(error, SG_ERROR_ARGUMENT,
                               "\"network\" %s has a level of detail of %g, but must be grown to "
                               "its full pictures, level 0, to be moved",
                               path, level)
                     : SG_OK;
}

/* Opens CLIP. */
static sg_status open_clip(sg_context *context, const sg_run_options *options, sg_clip **clip,
                           sg_error *error)
{
    sg_feature_list list;
    SG_TRY(sg_feature_list_split(options->features, &list, error));
    return sg_clip_find(clip, context, SG_F32, list.files, list.count, error);
}

static sg_status make_goal_of_texts(sg_context *context, const sg_run_options *options,
                                    sg_nada_goal **goal, sg_error *error)
{
    const sg_nada_words *words = &options->words;
    sg_prompts from = {0};
    sg_prompts to = {0};
    sg_clip *clip = NULL;
    sg_status status = sg_prompts_make(words->templates, words->source, &from, error);
    if (!status)
        status = sg_prompts_make(words->templates, words->target, &to, error);
    if (!status)
        status = open_clip(context, options, &clip, error);
    const sg_nada_prompts source = {words->source, (const char *const *)from.texts, from.count};
    const sg_nada_prompts target = {words->target, (const char *const *)to.texts, to.count};
    if (!status)
        status = sg_nada_goal_texts(clip, context, &source, &target, goal, error);
    sg_prompts_clear(&from);
    sg_prompts_clear(&to);
    return status;
}

static sg_status make_goal_of_text(sg_context *context, const sg_run_options *options,
                                   sg_nada_goal **goal, sg_error *error)
{
    const sg_nada_prompts target = {.text = options->words.text};
    sg_clip *clip = NULL;
    SG_TRY(open_clip(context, options, &clip, error));
    return sg_nada_goal_texts(clip, context, NULL, &target, goal, error);
}

/* Writes CLIP's features, of unit length, of pictures [n, H, W, C] to the rows of `features` from
 * `first` on. */
static sg_status see(const sg_clip *clip, sg_tensor *pictures, int64_t first, sg_tensor *features,
                     sg_error *error)
{
    sg_tensor *rows = sg_clip_look(clip, pictures);
    if (!rows)
        return sg_context_take_error(features->context, error);
    memcpy(sg_f32(features) + first * features->shape.size[1], sg_f32(rows),
           (size_t)sg_tensor_count(rows) * sizeof(float));
    return SG_OK;
}

/* Returns what the generator paints of the next latents, those of the labels from `first` on. */
static sg_tensor *paint(sg_generator *generator, sg_random *random, int first)
{
    sg_context *context = sg_generator_parameters(generator)->context;
    const sg_generator_config *config = sg_generator_config_of(generator);
    sg_tensor *labels = NULL;
    sg_tensor *z = sg_tensor_normal(context, SG_F32, SG_SHAPE(AT_ONCE, config->z_dim), random);
    if (config->c_dim > 0)
        labels = sg_tensor_full(context, SG_F32, SG_SHAPE(AT_ONCE, config->c_dim), 0);
    for (int i = 0; labels && i < AT_ONCE; i++)
        sg_tensor_set_value(labels, i * config->c_dim + (first + i) % config->c_dim, 1);
    return sg_generator_synthesize(
        generator, sg_generator_broadcast(generator, sg_generator_map(generator, z, labels)),
        (sg_synthesis_options){.noise_mode = SG_NOISE_CONST});
}

/* Makes the features [PAINTED, F] of what the generator paints of random latents, as the published
 * program compares few pictures with; owned by the innermost scope. */
static sg_status see_painted(const sg_clip *clip, sg_generator *generator, uint64_t seed,
                             sg_tensor **features, sg_error *error)
{
    sg_context *context = sg_generator_parameters(generator)->context;
    sg_random random = sg_random_stream(seed, PAINTED_STREAM);
    *features = sg_tensor_create(context, SG_F32, SG_SHAPE(PAINTED, (int64_t)sg_clip_width(clip)));
    sg_status status = *features ? SG_OK : sg_context_take_error(context, error);
    for (int first = 0; first < PAINTED && !status; first += AT_ONCE) {
        const size_t scope = sg_scope_open(context);
        status = see(clip, paint(generator, &random, first), first, *features, error);
        sg_scope_close(context, scope, NULL);
    }
    return status;
}

/* Reads `count` pictures from `first` on into [count, H, W, 1 or 3] in [-1, 1], through one of
 * `levels`. */
static sg_status read_pictures(const sg_dataset *dataset, size_t first, size_t count,
                               uint8_t *levels, sg_tensor *pictures, sg_error *error)
{
    const size_t values = (size_t)sg_tensor_count(pictures) / count;
    for (size_t i = 0; i < count; i++) {
        SG_TRY(sg_dataset_read(dataset, first + i, levels, NULL, error));
        sg_image_level_values(levels, values, sg_f32(pictures) + i * values);
    }
    return SG_OK;
}

/* Makes the features [M, F] of all pictures, a few at a time, owned by the innermost scope. */
static sg_status see_pictures(const sg_clip *clip, sg_context *context, const sg_dataset *dataset,
                              sg_tensor **features, sg_error *error)
{
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    const size_t total = info.image_count;
    uint8_t *levels = sg_allocate(info.height * info.width * info.channels, 1);
    *features =
        sg_tensor_create(context, SG_F32, SG_SHAPE((int64_t)total, (int64_t)sg_clip_width(clip)));
    sg_status status = levels && *features ? SG_OK : sg_fail_memory(error, "%zu images", total);
    for (size_t first = 0; first < total && !status; first += AT_ONCE) {
        const size_t count = total - first < AT_ONCE ? total - first : AT_ONCE;
        const size_t scope = sg_scope_open(context);
        sg_tensor *pictures =
            sg_tensor_create(context, SG_F32,
                             SG_SHAPE((int64_t)count, (int64_t)info.height, (int64_t)info.width,
                                      (int64_t)info.channels));
        if (pictures)
            status = read_pictures(dataset, first, count, levels, pictures, error);
        if (!status)
            status = see(clip, pictures, (int64_t)first, *features, error);
        sg_scope_close(context, scope, NULL);
    }
    free(levels);
    return status;
}

/* Makes a goal of pictures, of which there may not be too many. */
static sg_status compare_pictures(sg_clip *clip, sg_generator *painter, const sg_dataset *dataset,
                                  uint64_t seed, sg_nada_goal **goal, sg_error *error)
{
    sg_context *context = sg_generator_parameters(painter)->context;
    sg_tensor *painted = NULL;
    sg_tensor *wanted = NULL;
    const size_t scope = sg_scope_open(context);
    sg_status status = see_painted(clip, painter, seed, &painted, error);
    if (!status)
        status = see_pictures(clip, context, dataset, &wanted, error);
    if (!status)
        status = sg_nada_goal_pictures(clip, painted, wanted, goal, error);
    else
        sg_clip_close(clip);
    sg_scope_close(context, scope, NULL);
    return status;
}

static sg_status make_goal_of_pictures(sg_generator *painter, const sg_run_options *options,
                                       sg_nada_goal **goal, sg_error *error)
{
    sg_dataset *dataset = NULL;
    sg_clip *clip = NULL;
    SG_TRY(sg_dataset_open_unlabelled(options->data, &dataset, error));
    const size_t count = sg_dataset_info_of(dataset).image_count;
    sg_status status = SG_OK;
    if (count > MOST_PICTURES)
        status = sg_fail(error, SG_ERROR_ARGUMENT,
                         "%s holds %zu images, but a generator is moved to at most %d: with more, "
                         "\"init\" and another \"cfg\" train it on them",
                         options->data, count, MOST_PICTURES);
    if (!status)
        status = open_clip(sg_generator_parameters(painter)->context, options, &clip, error);
    if (!status)
        status = compare_pictures(clip, painter, dataset, options->trainer.seed, goal, error);
    sg_dataset_destroy(dataset);
    return status;
}

static sg_status make_goal(sg_generator *painter, const sg_run_options *options,
                           sg_nada_goal **goal, sg_error *error)
{
    const sg_nada_words *words = &options->words;
    if (words->towards[0])
        return sg_nada_goal_towards(words->classifier, words->towards, painter, goal, error);
    if (words->text[0])
        return make_goal_of_text(sg_generator_parameters(painter)->context, options, goal, error);
    return words->target[0]
               ? make_goal_of_texts(sg_generator_parameters(painter)->context, options, goal, error)
               : make_goal_of_pictures(painter, options, goal, error);
}

sg_status sg_nada_setup_trainer(sg_trainer *trainer, const sg_run_options *options, sg_error *error)
{
    const sg_trainer_networks networks = sg_trainer_networks_of(trainer);
    sg_nada_goal *goal = NULL;
    SG_TRY(fill(&networks, options->network, error));
    if (options->trainer.nada.moves)
        SG_TRY(check_grown(networks.painter, options->network, error));
    const bool recording = sg_generator_parameters(networks.painter)->context->recording;
    sg_generator_parameters(networks.painter)->context->recording = false;
    const sg_status status = make_goal(networks.painter, options, &goal, error);
    sg_generator_parameters(networks.painter)->context->recording = recording;
    if (!status)
        sg_trainer_take_goal(trainer, goal);
    return status;
}

sg_nada_files sg_nada_setup_files(const sg_trainer *trainer)
{
    const sg_nada_goal *goal = sg_trainer_networks_of(trainer).goal;
    if (!goal || !goal->clip)
        return (sg_nada_files){0};
    return (sg_nada_files){sg_clip_path(goal->clip), sg_clip_merges_path(goal->clip)};
}
