/* Training as programs outside see it: options, callbacks, resuming, refusals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "support/api_run.h"
#include "support/close.h"
#include "support/tiny_run.h"
#include "train/options/preset.h"
#include "train/run/run_folder.h"

/* What the callbacks of a run heard, and when they should end it. */
typedef struct heard {
    int steps, lines, stop_after;
    sg_training_progress last;
} heard;

static bool on_step(void *user, const sg_training_progress *progress)
{
    heard *h = user;
    h->last = *progress;
    return ++h->steps == h->stop_after;
}

static void on_log(void *user, const char *line)
{
    heard *h = user;
    h->lines += !strchr(line, '\n');
}

static sg_status train(const sg_training_options *options, heard *h, char *folder, sg_error *error)
{
    const sg_context_options one_thread = {.threads = 1};
    const sg_training_callbacks callbacks = {.user = h, .step = on_step, .log = on_log};
    sg_context *context;
    assert_int_equal(sg_context_open(&one_thread, &context, NULL), SG_OK);
    const sg_status status = sg_train(context, options, h ? &callbacks : NULL, folder,
                                      folder ? SG_PATH_BYTES : 0, error);
    sg_context_close(context);
    return status;
}

static void test_run_reports_and_leaves_a_network(void **state)
{
    char folder[SG_PATH_BYTES];
    heard h = {0};
    sg_error error;
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    const sg_training_options options = api_run_options(data, outdir);
    sg_set_thread_count(2);
    assert_int_equal(train(&options, &h, folder, &error), SG_OK);
    assert_int_equal(sg_thread_count(), 2);
    assert_string_equal(error.message, "");
    assert_int_equal(h.steps, 8);
    assert_true(h.lines > 3);
    assert_close(h.last.kimg, 0.064, 1e-9);
    assert_close(h.last.total_kimg, 0.064, 1e-9);
    assert_true(h.last.loss_generator > 0 && h.last.seconds_per_kimg > 0);
    assert_in_folder(folder, "network-snapshot-000000064.safetensors");
    free(data);
    free(outdir);
}

/* A cancelled run, resumed, ends with the bytes of one that was left alone. */
static void test_cancelled_run_is_resumed_exactly(void **state)
{
    char whole[SG_PATH_BYTES];
    char folder[SG_PATH_BYTES];
    heard h = {.stop_after = 3};
    sg_training_options again;
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    const sg_training_options options = api_run_options(data, outdir);
    assert_int_equal(train(&options, NULL, whole, NULL), SG_OK);
    assert_int_equal(train(&options, &h, folder, NULL), SG_OK);
    assert_int_equal(h.steps, 3);
    sg_training_options_init(&again);
    again.resume = folder;
    assert_int_equal(train(&again, NULL, NULL, NULL), SG_OK);
    assert_same_file(whole, folder, "network-snapshot-000000064.safetensors");
    free(data);
    free(outdir);
}

/* A StyleGAN3 by its published values; names that are none are refused. */
static void test_other_kinds_are_trained(void **state)
{
    char folder[SG_PATH_BYTES];
    sg_error error;
    sg_saved_options saved;
    sg_training_options published;
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    sg_training_options options = api_run_options(data, outdir);
    assert_int_equal(sg_training_options_init_for(&published, "stylegan3-r", &error), SG_OK);
    assert_close(published.generator_rate, 0.0025, 0);
    assert_int_equal(published.mapping_layers, 2);
    options.cfg = published.cfg;
    options.kimg = 0.008;
    options.path_length_weight = published.path_length_weight;
    if (train(&options, NULL, folder, &error) || sg_run_folder_read_options(folder, &saved, &error))
        fail_msg("%s", error.message);
    assert_string_equal(sg_presets[saved.options.cfg].name, "stylegan3-r");
    assert_int_equal(saved.options.trainer.generator.family, SG_STYLEGAN3);
    assert_true(saved.options.trainer.generator.stylegan3.use_radial_filters);
    assert_int_equal(saved.options.trainer.generator.channel_base, 64);
    options.cfg = "biggan";
    assert_int_equal(train(&options, NULL, folder, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "cfg is \"biggan\""));
    assert_int_equal(sg_training_options_init_for(&published, NULL, &error), SG_ERROR_ARGUMENT);
    free(data);
    free(outdir);
}

/* The loss brings its values along, except where others were given. */
static void test_losses_can_be_chosen(void **state)
{
    char folder[SG_PATH_BYTES];
    sg_error error;
    sg_saved_options saved;
    sg_training_options options;
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    assert_int_equal(sg_training_options_init_for(&options, "dcgan", &error), SG_OK);
    options.data = data;
    options.outdir = outdir;
    options.channel_base = 32;
    options.channel_max = 4;
    options.batch = 8;
    options.loss = "wgan-gp";
    options.discriminator_rate = 0.003;
    options.kimg = 0.032;
    options.tick_kimg = 1;
    if (train(&options, NULL, folder, &error) || sg_run_folder_read_options(folder, &saved, &error))
        fail_msg("%s", error.message);
    const sg_trainer_options *t = &saved.options.trainer;
    assert_int_equal(t->loss, SG_LOSS_WGAN_GP);
    assert_int_equal(t->n_critic, 5);
    assert_int_equal(t->discriminator.norm, SG_NORM_LAYER);
    assert_close(t->g_rate, 0.0001, 0);
    assert_close(t->d_rate, 0.003, 0);
    options.loss = "ragan";
    assert_int_equal(train(&options, NULL, folder, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "loss is \"ragan\""));
    free(data);
    free(outdir);
}

static void test_networks_can_grow(void **state)
{
    char folder[SG_PATH_BYTES];
    sg_error error;
    sg_saved_options saved;
    sg_training_options options;
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    assert_int_equal(sg_training_options_init_for(&options, "progan", &error), SG_OK);
    assert_int_equal(options.initial_resolution, 4);
    assert_int_equal(options.batch, -1);
    assert_int_equal(options.mapping_layers, 0);
    const sg_training_options small = api_run_options(data, outdir);
    options.data = small.data;
    options.outdir = small.outdir;
    options.channel_max = 4;
    options.z_dim = 8;
    options.stable_kimg = options.fade_kimg = 0.256;
    options.kimg = 0.512;
    options.tick_kimg = 1;
    if (train(&options, NULL, folder, &error) || sg_run_folder_read_options(folder, &saved, &error))
        fail_msg("%s", error.message);
    assert_int_equal(saved.options.trainer.generator.family, SG_PROGAN);
    assert_int_equal(saved.options.trainer.batch, 128);
    assert_close(saved.options.trainer.growing.fade_kimg, 0.256, 0);
    options.initial_resolution = 12;
    assert_int_equal(train(&options, NULL, folder, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "power of two"));
    options.initial_resolution = 4;
    options.stable_kimg = options.fade_kimg = 0;
    assert_int_equal(train(&options, NULL, folder, &error), SG_ERROR_ARGUMENT);
    free(data);
    free(outdir);
}

/* Options of single losses and networks, of which some are texts. */
static void test_special_options_reach_the_run(void **state)
{
    char folder[SG_PATH_BYTES];
    sg_error error;
    sg_saved_options saved;
    sg_training_options options;
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    const sg_training_options small = api_run_options(data, outdir);
    assert_int_equal(sg_training_options_init_for(&options, "progan", &error), SG_OK);
    options.data = data;
    options.outdir = outdir;
    options.channel_max = options.z_dim = 4;
    options.loss = "logistic";
    options.gamma = -1;
    options.r2_gamma = 0.5;
    options.n_critic = 2;
    options.optimizer = "rmsprop";
    options.ema_kimg = 3;
    options.stable_kimg = options.fade_kimg = small.kimg;
    options.grow_batch = "4:4,8:8";
    options.minibatch_repeats = 2;
    options.kimg = small.kimg;
    if (train(&options, NULL, folder, &error) || sg_run_folder_read_options(folder, &saved, &error))
        fail_msg("%s", error.message);
    const sg_trainer_options *trainer = &saved.options.trainer;
    assert_close(trainer->gamma, 1, 0);
    assert_close(trainer->r2_gamma, 0.5, 0);
    assert_int_equal(trainer->n_critic, 2);
    assert_int_equal(trainer->optimiser, SG_RMSPROP);
    assert_close(trainer->ema_kimg, 3, 0);
    assert_int_equal(trainer->growing.batch[0], 4);
    assert_int_equal(trainer->growing.batch[1], 8);
    assert_int_equal(trainer->growing.batch[2], 128);
    assert_int_equal(trainer->growing.repeats, 2);
    free(data);
    free(outdir);
}

/* What a run was started with is in its folder. */
static void test_options_reach_the_run(void **state)
{
    char folder[SG_PATH_BYTES];
    sg_error error;
    sg_saved_options saved;
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    sg_training_options options = api_run_options(data, outdir);
    options.kimg = 0.008;
    options.conditional = options.mirror = true;
    options.batch_part = 4;
    options.gamma = 3.5;
    options.generator_rate = 0.001;
    options.discriminator_rate = 0.003;
    options.path_length_weight = 0;
    options.clip_gradient = 9;
    options.minibatch_group = 2;
    options.seed = 77;
    if (train(&options, NULL, folder, &error) || sg_run_folder_read_options(folder, &saved, &error))
        fail_msg("%s", error.message);
    const sg_trainer_options *trainer = &saved.options.trainer;
    assert_true(saved.options.conditional && saved.options.mirror);
    assert_string_equal(saved.options.data, data);
    assert_close(saved.options.kimg, 0.008, 0);
    assert_close(saved.options.tick, 0.032, 0);
    assert_int_equal(saved.options.snap, 1);
    assert_int_equal(trainer->batch, 8);
    assert_int_equal(trainer->batch_part, 4);
    assert_close(trainer->gamma, 3.5, 0);
    assert_close(trainer->g_rate, 0.001, 0);
    assert_close(trainer->d_rate, 0.003, 0);
    assert_close(trainer->pl_weight, 0, 0);
    assert_close(trainer->clip_gradient, 9, 0);
    assert_close(trainer->ema_kimg, 2.5, 0);
    assert_int_equal(trainer->seed, 77);
    assert_int_equal(trainer->generator.channel_base, 32);
    assert_int_equal(trainer->discriminator.channel_max, 4);
    assert_int_equal(trainer->generator.z_dim, 6);
    assert_int_equal(trainer->generator.w_dim, 5);
    assert_int_equal(trainer->generator.mapping.num_layers, 2);
    assert_int_equal(trainer->discriminator.mbstd_group_size, 2);
    free(data);
    free(outdir);
}

static void assert_refused_with(sg_training_options options, const char *part)
{
    sg_error error;
    assert_int_equal(train(&options, NULL, NULL, &error), SG_ERROR_ARGUMENT);
    if (!strstr(error.message, part))
        fail_msg("\"%s\" was expected in: %s", part, error.message);
}

static void test_bad_options_are_refused(void **state)
{
    (void)state;
    const sg_training_options good = api_run_options("data", "outdir");
    sg_training_options bad;
#define REFUSED(field, value)                                                                      \
    bad = good;                                                                                    \
    bad.field = value;                                                                             \
    assert_refused_with(bad, #field)
    REFUSED(data, NULL);
    REFUSED(outdir, NULL);
    REFUSED(batch, 0);
    REFUSED(batch_part, -1);
    REFUSED(batch_part, 3);
    REFUSED(kimg, -1);
    REFUSED(kimg, NAN);
    REFUSED(tick_kimg, INFINITY);
    REFUSED(snapshot_ticks, -1);
    REFUSED(gamma, NAN);
    REFUSED(generator_rate, -0.1);
    REFUSED(discriminator_rate, NAN);
    REFUSED(path_length_weight, -1);
    REFUSED(clip_gradient, -1);
    REFUSED(channel_base, 0);
    REFUSED(channel_max, -5);
    REFUSED(z_dim, 0);
    REFUSED(w_dim, 1 << 21);
    REFUSED(mapping_layers, -1);
    REFUSED(minibatch_group, -1);
    REFUSED(beta1, 1);
    REFUSED(beta2, -2);
    REFUSED(epsilon, 0);
    REFUSED(style_mixing_prob, 1.5);
    REFUSED(generator_interval, -2);
    REFUSED(discriminator_interval, 1 << 20);
    REFUSED(epochs, -1);
    REFUSED(g_arch, "fork");
    REFUSED(d_arch, "fork");
    REFUSED(const_input, false);
    REFUSED(resample_filter, "1,,1");
    REFUSED(initial_resolution, 4);
    REFUSED(stable_kimg, -1);
    REFUSED(n_critic, 0);
    REFUSED(optimizer, "sgd");
    REFUSED(critic_norm, "group");
    REFUSED(critic_norm, "layer");
    REFUSED(drift, 5);
    REFUSED(gp_points, "reals");
    REFUSED(top_k, 0);
    REFUSED(instance_noise, -1);
    REFUSED(grow_batch, "5:4");
    REFUSED(minibatch_repeats, 2);
    REFUSED(ema_kimg, -2);
    REFUSED(seed, UINT64_MAX);
#undef REFUSED
    bad = good;
    bad.resume = "folder";
    bad.init = "file";
    assert_refused_with(bad, "exclude");
}

static void test_missing_data_is_a_sentence(void **state)
{
    sg_error error;
    char *outdir = tiny_run_outdir(state);
    const sg_training_options options = api_run_options("nowhere", outdir);
    assert_int_not_equal(train(&options, NULL, NULL, &error), SG_OK);
    assert_non_null(strstr(error.message, "nowhere"));
    free(outdir);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tiny_run_setup, tiny_run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_run_reports_and_leaves_a_network),
        TEST(test_cancelled_run_is_resumed_exactly),
        TEST(test_other_kinds_are_trained),
        TEST(test_networks_can_grow),
        TEST(test_losses_can_be_chosen),
        TEST(test_special_options_reach_the_run),
        TEST(test_options_reach_the_run),
        cmocka_unit_test(test_bad_options_are_refused),
        TEST(test_missing_data_is_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
