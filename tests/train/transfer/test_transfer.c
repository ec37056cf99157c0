/* Weights from another network's file: what fits, what is adapted and still computes the same, what
 * is said of the rest, what is refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checkpoint/network/network_writer.h"
#include "ops/layout.h"
#include "ops/upfirdn.h"
#include "support/loaded_networks.h"
#include "support/networks.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tensors.h"
#include "train/transfer/transfer.h"

enum { SAMPLES = 2 };

/* The networks of a file and those that start from it, in one context. */
typedef struct pair {
    sg_context *context;
    sg_network_parts file, here;
    sg_transfer transfer;
    char *path;
} pair;

/* How a pair of tiny StyleGAN2s differs. */
typedef struct shape {
    sg_architecture discriminator;
    int resolution, channels, classes;
} shape;

static void configs_of(shape s, sg_generator_config *g, sg_discriminator_config *d)
{
    *g = tiny_generator_config(SG_ARCHITECTURE_SKIP, s.channels, s.classes);
    *d = tiny_discriminator_config(s.discriminator, s.channels, s.classes);
    g->img_resolution = d->img_resolution = s.resolution;
    g->channel_base = d->channel_base = 4 * s.resolution;
    g->channel_max = d->channel_max = 4;
}

/* Saves networks of the one config and makes those of the other. */
static pair open_pair(void *const *state, const sg_generator_config *g_file,
                      const sg_discriminator_config *d_file, const sg_generator_config *g_here,
                      const sg_discriminator_config *d_here)
{
    sg_error error = {0};
    pair p = {.context = sg_context_create(1), .path = temporary_path(state, "file.safetensors")};
    assert_non_null(p.context);
    p.context->recording = false;
    p.file = make_networks(p.context, g_file, d_file);
    p.here = make_networks(p.context, g_here, d_here);
    if (sg_network_save(p.path, &p.file, NULL, 0, &error))
        fail_msg("%s", error.message);
    return p;
}

static void take(pair *p)
{
    sg_error error = {0};
    if (sg_transfer_weights(&p->here, p->path, false, &p->transfer, &error))
        fail_msg("%s", error.message);
}

static pair transferred(void *const *state, shape from, shape to)
{
    sg_generator_config g[2];
    sg_discriminator_config d[2];
    configs_of(from, &g[0], &d[0]);
    configs_of(to, &g[1], &d[1]);
    pair p = open_pair(state, &g[0], &d[0], &g[1], &d[1]);
    take(&p);
    return p;
}

static void close_pair(pair *p)
{
    sg_transfer_clear(&p->transfer);
    destroy_networks(&p->file);
    destroy_networks(&p->here);
    sg_context_destroy(p->context);
    free(p->path);
}

/* ---- what networks compute ---- */

static sg_tensor *pictures_of(sg_generator *generator, int first_class)
{
    const sg_generator_config *c = sg_generator_config_of(generator);
    sg_context *context = sg_generator_parameters(generator)->context;
    sg_tensor *z = random_tensor(context, SG_F32, SG_SHAPE(SAMPLES, c->z_dim), 3);
    sg_tensor *labels = one_hot(context, SG_F32, SAMPLES, c->c_dim, first_class);
    sg_tensor *ws = sg_generator_broadcast(generator, sg_generator_map(generator, z, labels));
    return sg_generator_synthesize(generator, ws,
                                   (sg_synthesis_options){.noise_mode = SG_NOISE_CONST});
}

static sg_tensor *scores_of(sg_discriminator *discriminator, sg_tensor *pictures, int first_class)
{
    const sg_discriminator_config *c = sg_discriminator_config_of(discriminator);
    sg_tensor *labels = one_hot(pictures->context, SG_F32, SAMPLES, c->c_dim, first_class);
    return sg_discriminator_score(discriminator, pictures, labels);
}

static sg_tensor *random_pictures(sg_context *context, int resolution, int channels)
{
    return random_tensor(context, SG_F32, SG_SHAPE(SAMPLES, resolution, resolution, channels), 7);
}

/* Fails unless the networks paint and score the same. */
static void assert_same_networks(const pair *p, int file_class, int here_class)
{
    const sg_generator_config *c = sg_generator_config_of(p->here.generator);
    const size_t scope = sg_scope_open(p->context);
    sg_tensor *pictures = random_pictures(p->context, c->img_resolution, c->img_channels);
    assert_tensors_near("G", pictures_of(p->here.generator, here_class),
                        pictures_of(p->file.generator, file_class), 1e-5);
    assert_tensors_near("G_ema", pictures_of(p->here.generator_ema, here_class),
                        pictures_of(p->file.generator_ema, file_class), 1e-5);
    assert_tensors_near("D", scores_of(p->here.discriminator, pictures, here_class),
                        scores_of(p->file.discriminator, pictures, file_class), 1e-5);
    sg_scope_close(p->context, scope, NULL);
}

/* ---- copies and refusals ---- */

static void equal_networks_are_copied(void **state)
{
    const shape same = {SG_ARCHITECTURE_RESNET, 8, 3, 2};
    pair p = transferred(state, same, same);
    assert_int_equal(p.transfer.taken, p.transfer.wanted);
    assert_int_equal(p.transfer.adapted, 0);
    assert_string_equal(p.transfer.left_out, "");
    assert_string_equal(p.transfer.options, "");
    assert_null(p.transfer.report.bytes);
    assert_same_networks(&p, 0, 0);
    close_pair(&p);
}

static void mostly_random_networks_are_refused(void **state)
{
    sg_error error = {0};
    sg_generator_config g[2];
    sg_discriminator_config d[2];
    configs_of((shape){SG_ARCHITECTURE_RESNET, 8, 1, 0}, &g[0], &d[0]);
    configs_of((shape){SG_ARCHITECTURE_RESNET, 8, 1, 0}, &g[1], &d[1]);
    g[1].z_dim += 3;
    g[1].w_dim += 1;
    g[1].channel_base = d[1].channel_base *= 2;
    g[1].channel_max = d[1].channel_max *= 2;
    pair p = open_pair(state, &g[0], &d[0], &g[1], &d[1]);
    assert_int_equal(sg_transfer_weights(&p.here, p.path, false, &p.transfer, &error),
                     SG_ERROR_SHAPE);
    sg_transfer_clear(&p.transfer);
    assert_holds(error.message, "most of the networks would start at random");
    assert_holds(error.message, "G.synthesis.b4.const is [");
    assert_holds(error.message, "\"channel_max\" ");
    assert_holds(error.message, "\"z_dim\" ");
    assert_holds(error.message, "\"w_dim\" ");
    assert_holds(error.message, "\"init_partly\" goes on");
    assert_null(strstr(error.message, "\"mapping_layers\""));
    error = (sg_error){0};
    assert_int_equal(sg_transfer_weights(&p.here, p.path, true, &p.transfer, &error), SG_OK);
    assert_true(p.transfer.taken > 0 && p.transfer.taken * 2 < p.transfer.wanted);
    assert_holds(p.transfer.report.bytes, "G and G_ema:\n");
    assert_holds(p.transfer.report.bytes, "  new: synthesis.b4, 8 tensors (const ...): "
                                          "synthesis.b4.const is [4, 4, 4] in the file and "
                                          "[8, 4, 4] here\n");
    close_pair(&p);
}

static void files_without_networks_are_refused(void **state)
{
    sg_error error = {0};
    const shape same = {SG_ARCHITECTURE_RESNET, 8, 3, 0};
    pair p = transferred(state, same, same);
    char *path = temporary_path(state, "absent.safetensors");
    sg_transfer transfer;
    assert_int_equal(sg_transfer_weights(&p.here, path, true, &transfer, &error), SG_ERROR_FILE);
    sg_transfer_clear(&transfer);
    assert_holds(error.message, path);
    free(path);
    close_pair(&p);
}

/* ---- colours ---- */

/* Channels of pictures [N, H, W, C] from `first` on. */
static sg_tensor *channels_of(sg_tensor *pictures, int first, int count)
{
    return sg_slice(pictures, 3, first, count);
}

static sg_tensor *filled(sg_context *context, int resolution, int channels, double value)
{
    return sg_tensor_full(context, SG_F32, SG_SHAPE(SAMPLES, resolution, resolution, channels),
                          value);
}

static void a_new_alpha_is_opaque(void **state)
{
    for (int architecture = 0; architecture < 3; architecture++) {
        pair p = transferred(state, (shape){(sg_architecture)architecture, 8, 3, 0},
                             (shape){(sg_architecture)architecture, 8, 4, 0});
        const size_t scope = sg_scope_open(p.context);
        sg_tensor *painted = pictures_of(p.here.generator, 0);
        sg_tensor *pictures = random_pictures(p.context, 8, 4);
        assert_tensors_near("colours", channels_of(painted, 0, 3), pictures_of(p.file.generator, 0),
                            1e-5);
        assert_tensors_near("alpha", channels_of(painted, 3, 1), filled(p.context, 8, 1, 1), 1e-5);
        assert_tensors_near("D", scores_of(p.here.discriminator, pictures, 0),
                            scores_of(p.file.discriminator, channels_of(pictures, 0, 3), 0), 1e-5);
        assert_int_equal(p.transfer.taken, p.transfer.wanted);
        assert_holds(p.transfer.report.bytes, "adapted: synthesis.b8, 2 tensors");
        sg_scope_close(p.context, scope, NULL);
        close_pair(&p);
    }
}

static void alpha_is_dropped(void **state)
{
    for (int architecture = 0; architecture < 3; architecture++) {
        /* Where fromrgb has the halved picture too, alpha is not 1 at its edges. */
        const bool exact = architecture != SG_ARCHITECTURE_SKIP;
        pair p = transferred(state, (shape){(sg_architecture)architecture, 8, 4, 0},
                             (shape){(sg_architecture)architecture, 8, 3, 0});
        const size_t scope = sg_scope_open(p.context);
        sg_tensor *pictures = random_pictures(p.context, 8, 3);
        assert_tensors_near("colours", pictures_of(p.here.generator, 0),
                            channels_of(pictures_of(p.file.generator, 0), 0, 3), 1e-5);
        sg_tensor *opaque = sg_concatenate(pictures, filled(p.context, 8, 1, 1), 3);
        if (exact)
            assert_tensors_near("D", scores_of(p.here.discriminator, pictures, 0),
                                scores_of(p.file.discriminator, opaque, 0), 1e-5);
        sg_scope_close(p.context, scope, NULL);
        close_pair(&p);
    }
}

static void grey_becomes_colours(void **state)
{
    pair p = transferred(state, (shape){SG_ARCHITECTURE_RESNET, 8, 1, 0},
                         (shape){SG_ARCHITECTURE_RESNET, 8, 3, 0});
    const size_t scope = sg_scope_open(p.context);
    sg_tensor *grey = pictures_of(p.file.generator, 0);
    sg_tensor *same = sg_concatenate(sg_concatenate(grey, grey, 3), grey, 3);
    assert_tensors_near("G", pictures_of(p.here.generator, 0), same, 1e-5);
    assert_tensors_near("D", scores_of(p.here.discriminator, same, 0),
                        scores_of(p.file.discriminator, grey, 0), 1e-5);
    sg_scope_close(p.context, scope, NULL);
    close_pair(&p);
}

static void colours_become_their_luma(void **state)
{
    pair p = transferred(state, (shape){SG_ARCHITECTURE_RESNET, 8, 3, 0},
                         (shape){SG_ARCHITECTURE_RESNET, 8, 1, 0});
    const size_t scope = sg_scope_open(p.context);
    sg_tensor *colours = pictures_of(p.file.generator, 0);
    sg_tensor *luma = sg_tensor_full(p.context, SG_F32, SG_SHAPE(SAMPLES, 8, 8, 1), 0);
    for (int64_t i = 0; i < sg_tensor_count(luma); i++)
        sg_f32(luma)[i] = 0.299f * sg_f32(colours)[3 * i] + 0.587f * sg_f32(colours)[3 * i + 1] +
                          0.114f * sg_f32(colours)[3 * i + 2];
    assert_tensors_near("G", pictures_of(p.here.generator, 0), luma, 1e-5);
    assert_tensors_near(
        "D", scores_of(p.here.discriminator, luma, 0),
        scores_of(p.file.discriminator, sg_concatenate(sg_concatenate(luma, luma, 3), luma, 3), 0),
        1e-5);
    sg_scope_close(p.context, scope, NULL);
    close_pair(&p);
}

/* The last layer of StyleGAN3 has the number of channels in its name. */
static void stylegan3_gets_an_alpha(void **state)
{
    const sg_generator_config g[] = {tiny_stylegan3_config(false, 3, 0),
                                     tiny_stylegan3_config(false, 4, 0)};
    const sg_discriminator_config d[] = {tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, 0),
                                         tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 4, 0)};
    pair p = open_pair(state, &g[0], &d[0], &g[1], &d[1]);
    take(&p);
    const size_t scope = sg_scope_open(p.context);
    sg_tensor *painted = pictures_of(p.here.generator, 0);
    assert_tensors_near("colours", channels_of(painted, 0, 3), pictures_of(p.file.generator, 0),
                        1e-5);
    assert_tensors_near("alpha", channels_of(painted, 3, 1), filled(p.context, 8, 1, 1), 1e-5);
    assert_int_equal(p.transfer.taken, p.transfer.wanted);
    assert_null(strstr(p.transfer.report.bytes, "not used"));
    sg_scope_close(p.context, scope, NULL);
    close_pair(&p);
}

static void stylegan3_of_another_resolution_is_refused(void **state)
{
    sg_error error = {0};
    sg_generator_config g[] = {tiny_stylegan3_config(false, 3, 0),
                               tiny_stylegan3_config(false, 3, 0)};
    sg_discriminator_config d[] = {tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, 0),
                                   tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, 0)};
    g[1].img_resolution = d[1].img_resolution = 16;
    pair p = open_pair(state, &g[0], &d[0], &g[1], &d[1]);
    assert_int_equal(sg_transfer_weights(&p.here, p.path, true, &p.transfer, &error),
                     SG_ERROR_SHAPE);
    assert_holds(error.message, "each layer of StyleGAN3 has a cutoff and filters");
    close_pair(&p);
}

/* ---- classes ---- */

static void new_classes_start_as_the_network_without(void **state)
{
    pair p = transferred(state, (shape){SG_ARCHITECTURE_RESNET, 8, 3, 0},
                         (shape){SG_ARCHITECTURE_RESNET, 8, 3, 3});
    for (int class_index = 0; class_index < 3; class_index++)
        assert_same_networks(&p, 0, class_index);
    assert_holds(p.transfer.report.bytes,
                 "new: mapping, 2 tensors (embed.weight ...): not in the file");
    close_pair(&p);
}

/* With one class, the mean of the classes is the class. */
static void the_mean_of_classes_stays(void **state)
{
    pair p = transferred(state, (shape){SG_ARCHITECTURE_RESNET, 8, 3, 1},
                         (shape){SG_ARCHITECTURE_RESNET, 8, 3, 0});
    assert_same_networks(&p, 0, 0);
    assert_holds(p.transfer.report.bytes, "not used: mapping, 2 tensors (embed.weight ...): ");
    assert_holds(p.transfer.options, "1 classes instead of 0");
    close_pair(&p);
}

/* Fails unless the embedding's new columns are the mean of the file's, scaled as the layer is. */
static void assert_mean_columns(const sg_parameter_set *file, const sg_parameter_set *here)
{
    const sg_tensor *old = sg_parameter_find(file, "mapping.embed.weight")->tensor;
    const sg_tensor *new = sg_parameter_find(here, "mapping.embed.weight")->tensor;
    for (int64_t row = 0; row < old->shape.size[0]; row++) {
        double mean = 0;
        for (int64_t k = 0; k < 2; k++)
            mean += sg_tensor_value(old, 2 * row + k) / 2;
        for (int64_t k = 0; k < 5; k++) {
            const double expected = k < 2 ? sg_tensor_value(old, 2 * row + k) : mean;
            assert_true(fabs(sg_tensor_value(new, 5 * row + k) - sqrt(2.5) * expected) < 1e-5);
        }
    }
}

static void more_classes_keep_the_first(void **state)
{
    pair p = transferred(state, (shape){SG_ARCHITECTURE_RESNET, 8, 3, 2},
                         (shape){SG_ARCHITECTURE_RESNET, 8, 3, 5});
    assert_same_networks(&p, 0, 0); /* samples of classes 0 and 1 */
    assert_mean_columns(sg_generator_parameters(p.file.generator),
                        sg_generator_parameters(p.here.generator));
    assert_mean_columns(sg_discriminator_parameters(p.file.discriminator),
                        sg_discriminator_parameters(p.here.discriminator));
    assert_int_equal(p.transfer.taken, p.transfer.wanted);
    close_pair(&p);
    p = transferred(state, (shape){SG_ARCHITECTURE_RESNET, 8, 3, 5},
                    (shape){SG_ARCHITECTURE_RESNET, 8, 3, 2});
    assert_same_networks(&p, 0, 0);
    close_pair(&p);
}

static void growing_networks_get_classes(void **state)
{
    const sg_generator_config g[] = {tiny_growing_config(SG_STYLEGAN1, 8, 3, 2),
                                     tiny_growing_config(SG_STYLEGAN1, 8, 3, 4)};
    const sg_discriminator_config d[] = {tiny_growing_discriminator_config(SG_STYLEGAN1, 8, 3, 2),
                                         tiny_growing_discriminator_config(SG_STYLEGAN1, 8, 3, 4)};
    pair p = open_pair(state, &g[0], &d[0], &g[1], &d[1]);
    take(&p);
    assert_same_networks(&p, 0, 0);
    assert_int_equal(p.transfer.taken, p.transfer.wanted);
    close_pair(&p);
}

/* ---- resolutions ---- */

/* Pictures doubled or halved as StyleGAN2's own filter does it. */
static sg_tensor *resized(sg_generator *generator, sg_tensor *pictures, bool up)
{
    const sg_parameter *filter =
        sg_parameter_find(sg_generator_parameters(generator), "synthesis.b4.resample_filter");
    const sg_shape *size = &filter->tensor->shape;
    return sg_upfirdn(pictures, filter->tensor,
                      up ? sg_upsample_options(size, 2) : sg_downsample_options(size, 2));
}

static void larger_networks_paint_the_enlarged_picture(void **state)
{
    pair p = transferred(state, (shape){SG_ARCHITECTURE_SKIP, 8, 3, 0},
                         (shape){SG_ARCHITECTURE_SKIP, 16, 3, 0});
    const size_t scope = sg_scope_open(p.context);
    assert_tensors_near("G", pictures_of(p.here.generator, 0),
                        resized(p.file.generator, pictures_of(p.file.generator, 0), true), 1e-5);
    assert_holds(p.transfer.report.bytes, "zero at first, so that pictures are those");
    assert_holds(p.transfer.report.bytes, "not in the file");
    sg_scope_close(p.context, scope, NULL);
    close_pair(&p);
}

static const sg_tensor *tensor_of(sg_discriminator *discriminator, const char *name)
{
    const sg_parameter *found = sg_parameter_find(sg_discriminator_parameters(discriminator), name);
    if (!found)
        fail_msg("D has no %s", name);
    return found->tensor;
}

/* fromrgb is the file's, and the shortcut carries each channel on: sqrt(8) cancels the layer's
 * 1 / sqrt(4) and the block's 1 / sqrt(2). */
static void a_new_block_of_the_discriminator_passes_features(void **state)
{
    pair p = transferred(state, (shape){SG_ARCHITECTURE_RESNET, 8, 3, 0},
                         (shape){SG_ARCHITECTURE_RESNET, 16, 3, 0});
    const sg_tensor *skip = tensor_of(p.here.discriminator, "b16.skip.weight");
    const sg_tensor *conv1 = tensor_of(p.here.discriminator, "b16.conv1.weight");
    for (int64_t i = 0; i < 16; i++)
        assert_true(fabs(sg_tensor_value(skip, i) - (i % 5 == 0 ? sqrt(8) : 0)) < 1e-6);
    for (int64_t i = 0; i < sg_tensor_count(conv1); i++)
        assert_true(sg_tensor_value(conv1, i) == 0);
    assert_tensors_near("fromrgb", tensor_of(p.here.discriminator, "b16.fromrgb.weight"),
                        tensor_of(p.file.discriminator, "b8.fromrgb.weight"), 1e-6);
    assert_holds(p.transfer.report.bytes, "features pass unchanged");
    assert_holds(p.transfer.report.bytes, "made of the layer that takes the colours");
    close_pair(&p);
}

/* A discriminator whose blocks each take the picture scores as the file's scores the half of it. */
static void a_new_block_that_takes_the_picture_starts_without_effect(void **state)
{
    pair p = transferred(state, (shape){SG_ARCHITECTURE_SKIP, 8, 3, 0},
                         (shape){SG_ARCHITECTURE_SKIP, 16, 3, 0});
    const size_t scope = sg_scope_open(p.context);
    sg_tensor *pictures = random_pictures(p.context, 16, 3);
    sg_tensor *halves = resized(p.file.generator, pictures, false);
    assert_tensors_near("D", scores_of(p.here.discriminator, pictures, 0),
                        scores_of(p.file.discriminator, halves, 0), 1e-5);
    sg_scope_close(p.context, scope, NULL);
    close_pair(&p);
}

/* Of a dropped block, the shortcut S and fromrgb W become S W / sqrt(4 * 2). */
static void a_dropped_block_leads_its_colours_on(void **state)
{
    pair p = transferred(state, (shape){SG_ARCHITECTURE_RESNET, 16, 3, 0},
                         (shape){SG_ARCHITECTURE_RESNET, 8, 3, 0});
    const sg_tensor *skip = tensor_of(p.file.discriminator, "b16.skip.weight");
    const sg_tensor *old = tensor_of(p.file.discriminator, "b16.fromrgb.weight");
    const sg_tensor *new = tensor_of(p.here.discriminator, "b8.fromrgb.weight");
    for (int64_t row = 0; row < 4; row++)
        for (int64_t c = 0; c < 3; c++) {
            double sum = 0;
            for (int64_t k = 0; k < 4; k++)
                sum += sg_tensor_value(skip, 4 * row + k) * sg_tensor_value(old, 3 * k + c);
            assert_true(fabs(sg_tensor_value(new, 3 * row + c) - sum / sqrt(8)) < 1e-5);
        }
    assert_int_equal(p.transfer.taken, p.transfer.wanted);
    assert_holds(p.transfer.report.bytes, "not used: synthesis.b16, ");
    assert_holds(p.transfer.report.bytes, "not used: b16, ");
    close_pair(&p);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(equal_networks_are_copied),
        IN_FOLDER(mostly_random_networks_are_refused),
        IN_FOLDER(files_without_networks_are_refused),
        IN_FOLDER(a_new_alpha_is_opaque),
        IN_FOLDER(alpha_is_dropped),
        IN_FOLDER(grey_becomes_colours),
        IN_FOLDER(colours_become_their_luma),
        IN_FOLDER(stylegan3_gets_an_alpha),
        IN_FOLDER(stylegan3_of_another_resolution_is_refused),
        IN_FOLDER(new_classes_start_as_the_network_without),
        IN_FOLDER(the_mean_of_classes_stays),
        IN_FOLDER(more_classes_keep_the_first),
        IN_FOLDER(growing_networks_get_classes),
        IN_FOLDER(larger_networks_paint_the_enlarged_picture),
        IN_FOLDER(a_new_block_of_the_discriminator_passes_features),
        IN_FOLDER(a_new_block_that_takes_the_picture_starts_without_effect),
        IN_FOLDER(a_dropped_block_leads_its_colours_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
