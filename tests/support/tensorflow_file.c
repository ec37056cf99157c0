/* See tensorflow_file.h. */
#include "support/tensorflow_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/allocate.h"
#include "models/discriminator.h"
#include "models/generator.h"
#include "support/foreign_pickle.h"

/* How an official tensor lies in TensorFlow. */
typedef enum axes { AS_IT_IS, MATRIX, KERNEL, REVERSED_KERNEL, OUT_FIRST_KERNEL } axes;

typedef struct writing {
    sg_text *pickle;
    const tensorflow_options *options;
    const sg_parameter_set *set;
    const char *prefix; /* of the official names */
    sg_family family;
    int first_height, first_width; /* in the name of the first block */
} writing;

static float *rearrange(const sg_tensor *tensor, axes order, int64_t size[4], int *rank)
{
    const int64_t *s = tensor->shape.size;
    const float *from = sg_f32(tensor);
    float *to = malloc((size_t)sg_tensor_count(tensor) * sizeof *to + 1);
    bool kernel = order != MATRIX;
    bool out_first = order == OUT_FIRST_KERNEL;
    int64_t height = kernel ? s[2] : 1;
    int64_t width = kernel ? s[3] : 1;
    int64_t at = 0;
    assert_non_null(to);
    for (int64_t y = 0; y < height; y++)
        for (int64_t x = 0; x < width; x++)
            for (int64_t a = 0; a < s[out_first ? 0 : 1]; a++)
                for (int64_t b = 0; b < s[out_first ? 1 : 0]; b++) {
                    int64_t o = out_first ? a : b;
                    int64_t i = out_first ? b : a;
                    int64_t row = order == REVERSED_KERNEL ? height - 1 - y : y;
                    int64_t column = order == REVERSED_KERNEL ? width - 1 - x : x;
                    to[at++] = from[((o * s[1] + i) * height + row) * width + column];
                }
    *rank = kernel ? 4 : 2;
    size[0] = kernel ? height : s[1];
    size[1] = kernel ? width : s[0];
    size[2] = s[out_first ? 0 : 1];
    size[3] = s[out_first ? 1 : 0];
    return to;
}

/* One of the variables, when the network has such a tensor: `leading` axes of size 1 come first. */
static void put_variable(const writing *job, const char *name, const char *official, axes order,
                         int leading, float added)
{
    char full[200];
    int64_t size[8] = {1, 1, 1, 1};
    int rank = 0;
    snprintf(full, sizeof full, "%s%s", job->prefix, official);
    const sg_parameter *parameter = sg_parameter_find(job->set, full);
    if (!parameter || (job->options->missing && strcmp(name, job->options->missing) == 0))
        return;
    const sg_tensor *tensor = parameter->tensor;
    const size_t count = (size_t)sg_tensor_count(tensor);
    float *values = NULL;
    if (order == AS_IT_IS) {
        rank = leading + tensor->shape.rank;
        memcpy(size + leading, tensor->shape.size, (size_t)tensor->shape.rank * sizeof *size);
        values = malloc(count * sizeof *values + 1);
        for (size_t i = 0; i < count; i++)
            values[i] = sg_f32(tensor)[i] + added;
    } else {
        values = rearrange(tensor, order, size, &rank);
    }
    PUT(job->pickle, "(");
    put_text(job->pickle, name);
    put_array(job->pickle, size, rank, values);
    PUT(job->pickle, "t");
    free(values);
}

static void put_layer(const writing *job, const char *name, const char *official, axes order)
{
    char variable[200];
    char tensor[200];
    bool grows = job->family != SG_STYLEGAN2;
    const char *const names[][2] = {{"weight", "weight"},
                                    {"bias", "bias"},
                                    {grows ? "StyleMod/weight" : "mod_weight", "affine.weight"},
                                    {grows ? "StyleMod/bias" : "mod_bias", "affine.bias"},
                                    {grows ? "Noise/weight" : "noise_strength", "noise_strength"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        axes axis_order = i == 0 ? order : i == 2 ? MATRIX : AS_IT_IS;
        snprintf(variable, sizeof variable, "%s/%s", name, names[i][0]);
        snprintf(tensor, sizeof tensor, "%s.%s", official, names[i][1]);
        put_variable(job, variable, tensor, axis_order, 0, i == 3 && !grows ? -1.0f : 0.0f);
    }
}

/* Prints the name of a block of this resolution. */
static const char *print_scope(const writing *job, int resolution, char text[32])
{
    snprintf(text, 32, "%dx%d", job->first_height * resolution / 4,
             job->first_width * resolution / 4);
    return text;
}

/* "WHAT" of a block of this resolution. */
static void put_block_layer(const writing *job, int resolution, const char *name,
                            const char *official, axes order)
{
    char to[100];
    char from[100];
    char scope[32];
    snprintf(to, sizeof to, "%s/%s", print_scope(job, resolution, scope), name);
    snprintf(from, sizeof from, "b%d.%s", resolution, official);
    put_layer(job, to, from, order);
}

static void put_noise(const writing *job, int number, int resolution, const char *layer)
{
    char to[100];
    char from[100];
    snprintf(to, sizeof to, "noise%d", number);
    snprintf(from, sizeof from, "b%d.%s.noise_const", resolution, layer);
    put_variable(job, to, from, AS_IT_IS, 2, 0.0f);
}

static void put_more(const writing *job)
{
    const float one = 1.0f;
    const int64_t size = 1;
    if (job->options->variable) {
        PUT(job->pickle, "(");
        put_text(job->pickle, job->options->variable);
        put_array(job->pickle, &size, 1, &one);
        PUT(job->pickle, "t");
    }
}

/* ---- networks ---- */

/* Opens a Network object up to its variables; everything of put_network_end follows. */
static void put_network_start(const writing *job, const char *name)
{
    put_global(job->pickle, "dnnlib.tflib.network", "Network");
    PUT(job->pickle, ")\x81}(");
    put_number_option(job->pickle, "version", job->options->version);
    put_text_option(job->pickle, "name", name);
    put_text_option(job->pickle, "build_func_name", name);
    put_text_option(job->pickle, "build_module_src", "# omitted");
}

static void put_common_options(const writing *job, const char *const *keys, const double *values,
                               size_t count)
{
    put_text(job->pickle, "static_kwargs");
    PUT(job->pickle, "}(");
    for (size_t i = 0; i < count; i++)
        put_number_option(job->pickle, keys[i], values[i]);
    if (job->options->option)
        put_text_option(job->pickle, job->options->option, job->options->value);
}

/* The options of forks, for a constant of this size. */
static void put_rectangle_options(const writing *job, int height, int width, int resolution)
{
    int doublings = 0;
    while (4 << doublings < resolution)
        doublings++;
    if (job->options->rectangle == BY_INIT_RES) {
        put_text(job->pickle, "init_res");
        PUT(job->pickle, "](");
        put_integer(job->pickle, height);
        put_integer(job->pickle, width);
        PUT(job->pickle, "e");
    } else if (job->options->rectangle == BY_SIZES) {
        put_number_option(job->pickle, "min_h", height);
        put_number_option(job->pickle, "min_w", width);
        put_number_option(job->pickle, "res_log2", doublings);
        put_text(job->pickle, "use_attention");
        PUT(job->pickle, "\x89");
    }
}

/* The option "resolution": BY_SIZES, the height of the pictures. */
static double resolution_option(const writing *job, int height, int resolution)
{
    return job->options->rectangle == BY_SIZES ? height * resolution / 4.0 : resolution;
}

static void put_constant(const writing *job)
{
    char scope[32];
    char name[64];
    snprintf(name, sizeof name, "%s/Const/const", print_scope(job, 4, scope));
    put_variable(job, name, "b4.const", AS_IT_IS, 1, 0.0f);
}

static const char *const architectures[] = {"orig", "skip", "resnet"};

static void put_synthesis(writing *job, const sg_generator_config *config)
{
    job->prefix = "synthesis.";
    put_text(job->pickle, "synthesis");
    put_network_start(job, "G_synthesis");
    put_text(job->pickle, "variables");
    PUT(job->pickle, "](");
    put_noise(job, 0, 4, "conv1");
    put_constant(job);
    put_block_layer(job, 4, "Conv", "conv1", KERNEL);
    for (int level = 0; 4 << level <= config->img_resolution; level++) {
        int resolution = 4 << level;
        if (level > 0) {
            put_noise(job, 2 * level - 1, resolution, "conv0");
            put_noise(job, 2 * level, resolution, "conv1");
            put_block_layer(job, resolution, "Conv0_up", "conv0", REVERSED_KERNEL);
            put_block_layer(job, resolution, "Conv1", "conv1", KERNEL);
            put_block_layer(job, resolution, "Skip", "skip", REVERSED_KERNEL);
        }
        if (job->options->by_level && resolution == config->img_resolution) {
            char from[100];
            snprintf(from, sizeof from, "b%d.torgb", resolution);
            put_layer(job, "ToRGB_lod0", from, KERNEL);
        } else {
            put_block_layer(job, resolution, "ToRGB", "torgb", KERNEL);
        }
    }
    PUT(job->pickle, "eub");
}

/* "ToRGB_lod0" is the colour layer of the full size, "ToRGB_lod1" that of half the size. */
static void put_colours(const writing *job, const char *name, const char *official, int resolution,
                        int full)
{
    char to[100];
    char from[100];
    int level = 0;
    while (resolution << level < full)
        level++;
    snprintf(to, sizeof to, "%s_lod%d", name, level);
    snprintf(from, sizeof from, "b%d.%s", resolution, official);
    put_layer(job, to, from, KERNEL);
}

/* The variables of a synthesis network that grows. */
static void put_growing_layers(writing *job, const sg_generator_config *config)
{
    bool fused = config->growing.fused_scale != SG_FUSED_NEVER;
    bool plain = job->family == SG_PROGAN;
    job->prefix = "synthesis.";
    put_variable(job, "lod", "lod", AS_IT_IS, 0, 0.0f);
    put_constant(job);
    put_block_layer(job, 4, "Dense", "dense", MATRIX);
    put_block_layer(job, 4, "Const", "layer0", MATRIX);
    put_block_layer(job, 4, "Conv", "layer1", KERNEL);
    for (int level = 0; 4 << level <= config->img_resolution; level++) {
        int resolution = 4 << level;
        put_noise(job, 2 * level, resolution, "layer0");
        put_noise(job, 2 * level + 1, resolution, "layer1");
        put_colours(job, "ToRGB", "torgb", resolution, config->img_resolution);
        if (level > 0) {
            put_block_layer(job, resolution, plain && !fused ? "Conv0" : "Conv0_up", "layer0",
                            job->options->version == 2 ? OUT_FIRST_KERNEL : KERNEL);
            put_block_layer(job, resolution, "Conv1", "layer1", KERNEL);
        }
    }
}

static void put_growing_synthesis(writing *job, const sg_generator_config *config)
{
    put_text(job->pickle, "synthesis");
    put_network_start(job, "G_synthesis");
    put_text(job->pickle, "variables");
    PUT(job->pickle, "](");
    put_growing_layers(job, config);
    PUT(job->pickle, "eub");
}

static void put_mapping(writing *job, const sg_generator_config *config)
{
    char to[100];
    char from[100];
    job->prefix = "mapping.";
    put_text(job->pickle, "mapping");
    put_network_start(job, "G_mapping");
    put_text(job->pickle, "variables");
    PUT(job->pickle, "](");
    put_layer(job, job->family == SG_STYLEGAN2 ? "LabelEmbed" : "LabelConcat", "embed", MATRIX);
    for (int i = 0; i < config->mapping.num_layers; i++) {
        snprintf(to, sizeof to, "Dense%d", i);
        snprintf(from, sizeof from, "fc%d", i);
        put_layer(job, to, from, MATRIX);
    }
    put_more(job);
    PUT(job->pickle, "eub");
}

static void put_fused_scale(const writing *job, const sg_growing_config *config)
{
    put_text(job->pickle, "fused_scale");
    if (config->fused_scale == SG_FUSED_AUTO)
        put_text(job->pickle, "auto");
    else if (config->fused_scale == SG_FUSED_ALWAYS)
        PUT(job->pickle, "\x88");
    else
        PUT(job->pickle, "\x89");
}

/* ProGAN's generator, which has no components. */
static void put_plain_generator(writing job, sg_generator *generator, const char *name)
{
    const sg_generator_config *c = sg_generator_config_of(generator);
    static const char *const keys[] = {"label_size", "resolution", "num_channels", "fmap_base",
                                       "fmap_max"};
    const double values[] = {c->c_dim, c->img_resolution, c->img_channels, 0.5 * c->channel_base,
                             c->channel_max};
    job.set = sg_generator_parameters(generator);
    put_network_start(&job, name);
    put_common_options(&job, keys, values, sizeof keys / sizeof keys[0]);
    put_fused_scale(&job, &c->growing);
    PUT(job.pickle, "u");
    put_text(job.pickle, "variables");
    PUT(job.pickle, "](");
    put_growing_layers(&job, c);
    put_more(&job);
    PUT(job.pickle, "eub");
}

static void put_generator(writing job, sg_generator *generator, const char *name)
{
    const sg_generator_config *c = sg_generator_config_of(generator);
    static const char *const keys[] = {"latent_size", "label_size",     "dlatent_size",
                                       "resolution",  "num_channels",   "fmap_base",
                                       "fmap_max",    "mapping_layers", "style_mixing_prob"};
    const double values[] = {c->z_dim,
                             c->c_dim,
                             c->w_dim,
                             resolution_option(&job, c->base_height, c->img_resolution),
                             c->img_channels,
                             0.5 * c->channel_base,
                             c->channel_max,
                             c->mapping.num_layers,
                             0.9};
    job.set = sg_generator_parameters(generator);
    put_network_start(&job, name);
    put_common_options(&job, keys, values, sizeof keys / sizeof keys[0]);
    put_rectangle_options(&job, c->base_height, c->base_width, c->img_resolution);
    if (c->conv_clamp >= 0)
        put_number_option(job.pickle, "conv_clamp", c->conv_clamp);
    if (job.family != SG_STYLEGAN2)
        put_fused_scale(&job, &c->growing);
    else if (!job.options->by_level)
        put_text_option(job.pickle, "architecture", architectures[c->architecture]);
    PUT(job.pickle, "u");
    put_text(job.pickle, "components");
    PUT(job.pickle, "}(");
    if (job.family == SG_STYLEGAN2)
        put_synthesis(&job, c);
    else
        put_growing_synthesis(&job, c);
    put_mapping(&job, c);
    PUT(job.pickle, "u");
    job.prefix = "mapping.";
    put_text(job.pickle, "variables");
    PUT(job.pickle, "](");
    put_variable(&job, "dlatent_avg", "w_avg", AS_IT_IS, 0, 0.0f);
    job.prefix = "synthesis.";
    put_variable(&job, "lod", "lod", AS_IT_IS, 0, 0.0f);
    PUT(job.pickle, "eub");
}

static void put_discriminator_layers(const writing *job, const sg_discriminator_config *config)
{
    char from[100];
    char to[100];
    bool grows = job->family != SG_STYLEGAN2;
    bool split = job->family == SG_PROGAN && config->growing.fused_scale == SG_FUSED_NEVER;
    put_variable(job, "lod", "lod", AS_IT_IS, 0, 0.0f);
    for (int r = config->img_resolution; r >= 4; r /= 2) {
        if (grows) {
            put_colours(job, "FromRGB", "fromrgb", r, config->img_resolution);
        } else if (job->options->by_level && r == config->img_resolution) {
            snprintf(from, sizeof from, "b%d.fromrgb", r);
            put_layer(job, "FromRGB_lod0", from, KERNEL);
        } else {
            put_block_layer(job, r, "FromRGB", "fromrgb", KERNEL);
        }
        put_block_layer(job, r, "Conv0", "conv0", KERNEL);
        put_block_layer(job, r, split ? "Conv1" : "Conv1_down", "conv1", KERNEL);
        put_block_layer(job, r, "Skip", "skip", KERNEL);
        put_block_layer(job, r, "Conv", "conv", KERNEL);
    }
    put_block_layer(job, 4, "Dense0", "fc", MATRIX);
    if (grows)
        put_block_layer(job, 4, "Dense1", "out", MATRIX);
    else
        put_layer(job, "Output", "b4.out", MATRIX);
    put_layer(job, "LabelEmbed", "mapping.embed", MATRIX);
    for (int i = 0; i < config->mapping.num_layers; i++) {
        snprintf(to, sizeof to, "Mapping%d", i);
        snprintf(from, sizeof from, "mapping.fc%d", i);
        put_layer(job, to, from, MATRIX);
    }
    put_more(job);
}

static void put_discriminator(writing job, sg_discriminator *discriminator)
{
    const sg_discriminator_config *c = sg_discriminator_config_of(discriminator);
    static const char *const keys[] = {"label_size",         "resolution",     "num_channels",
                                       "fmap_base",          "fmap_max",       "mbstd_group_size",
                                       "mbstd_num_features", "mapping_layers", "mapping_lrmul"};
    /* The last two are of the labels' layers, which only StyleGAN2-ADA has. */
    const size_t options = sizeof keys / sizeof keys[0] - (job.family == SG_STYLEGAN2 ? 0 : 2);
    const double values[] = {c->c_dim,
                             resolution_option(&job, c->base_height, c->img_resolution),
                             c->img_channels,
                             0.5 * c->channel_base,
                             c->channel_max,
                             c->mbstd_group_size,
                             c->mbstd_num_channels,
                             c->c_dim > 0 ? c->mapping.num_layers : 0,
                             c->mapping.lr_multiplier};
    job.set = sg_discriminator_parameters(discriminator);
    job.prefix = "";
    put_network_start(&job, job.family == SG_PROGAN ? "D_paper" : "D");
    put_common_options(&job, keys, values, options);
    put_rectangle_options(&job, c->base_height, c->base_width, c->img_resolution);
    if (c->conv_clamp >= 0)
        put_number_option(job.pickle, "conv_clamp", c->conv_clamp);
    if (job.family != SG_STYLEGAN2)
        put_fused_scale(&job, &c->growing);
    else if (!job.options->by_level)
        put_text_option(job.pickle, "architecture", architectures[c->architecture]);
    PUT(job.pickle, "u");
    put_text(job.pickle, "components");
    PUT(job.pickle, "}");
    put_text(job.pickle, "variables");
    PUT(job.pickle, "](");
    put_discriminator_layers(&job, c);
    PUT(job.pickle, "eub");
}

void write_tensorflow(const char *path, const sg_network_parts *parts,
                      const tensorflow_options *options)
{
    sg_text pickle = {0};
    const sg_generator_config *config = sg_generator_config_of(parts->generator);
    const sg_family family = config->family;
    const bool by_sizes = options->rectangle == BY_SIZES;
    void (*put)(writing, sg_generator *, const char *) =
        family == SG_PROGAN ? put_plain_generator : put_generator;
    const writing job = {.pickle = &pickle,
                         .options = options,
                         .family = family,
                         .first_height = by_sizes ? config->base_height : 4,
                         .first_width = by_sizes ? config->base_width : 4};
    PUT(&pickle, "\x80\x03(");
    put(job, parts->generator, "G");
    put_discriminator(job, parts->discriminator);
    put(job, parts->generator_ema, "Gs");
    PUT(&pickle, "t.");
    write_pickle(path, &pickle);
}
