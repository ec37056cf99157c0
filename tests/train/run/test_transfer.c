/* Weights from another network's file: what fits, what is said of the rest, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/networks.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "train/run/snapshots.h"
#include "train/run/transfer.h"

/* A trainer of tiny networks in a context of its own. */
typedef struct training {
    sg_context *context;
    sg_trainer *trainer;
} training;

static training start_with(const sg_generator_config *generator, int channels)
{
    sg_trainer_options options = sg_trainer_options_default();
    options.generator = *generator;
    options.discriminator = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, channels, 0);
    options.discriminator.channel_max = generator->channel_max;
    options.discriminator.channel_base = generator->channel_base;
    options.batch = 4;
    training t = {.context = sg_context_create(1)};
    assert_non_null(t.context);
    t.trainer = sg_trainer_create(t.context, &options, NULL);
    assert_non_null(t.trainer);
    return t;
}

static training start(int channels)
{
    const sg_generator_config generator = tiny_generator_config(SG_ARCHITECTURE_SKIP, channels, 0);
    return start_with(&generator, channels);
}

static void end(training *t)
{
    sg_trainer_destroy(t->trainer);
    sg_context_destroy(t->context);
}

/* The path of a saved network of one channel, on the heap. */
static char *saved_network(void *const *state)
{
    sg_error error = {0};
    training t = start(1);
    assert_int_equal(sg_snapshot_save(t.trainer, *state, 0, &error), SG_OK);
    end(&t);
    return temporary_path(state, "network-snapshot-000000000.safetensors");
}

static void weights_are_taken_by_name_and_shape(void **state)
{
    sg_error error = {0};
    sg_transfer transfer;
    char *path = saved_network(state);
    training same = start(1);
    training colour = start(3);
    assert_int_equal(sg_transfer_weights(same.trainer, path, false, &transfer, &error), SG_OK);
    assert_int_equal(transfer.taken, transfer.wanted);
    assert_string_equal(transfer.left_out, "");
    assert_string_equal(transfer.options, "");
    assert_int_equal(sg_trainer_images(same.trainer), 0);
    assert_int_equal(sg_transfer_weights(colour.trainer, path, false, &transfer, &error), SG_OK);
    /* Two torgb weights and biases in each generator, fromrgb's weight in the discriminator. */
    assert_int_equal(transfer.wanted - transfer.taken, 2 * 4 + 1);
    assert_holds(transfer.left_out, "torgb.weight is [1, 4, 1, 1] in the file and [3, 4, 1, 1]");
    assert_holds(transfer.options, "pictures of 8x8 with 1 channel instead of 8x8 with 3");
    free(path);
    end(&colour);
    end(&same);
}

static void mostly_random_networks_are_refused(void **state)
{
    sg_error error = {0};
    sg_transfer transfer;
    char *path = saved_network(state);
    sg_generator_config wide = tiny_generator_config(SG_ARCHITECTURE_SKIP, 1, 0);
    wide.z_dim += 3;
    wide.w_dim += 1;
    wide.channel_base *= 2;
    wide.channel_max *= 2;
    training t = start_with(&wide, 1);
    assert_int_equal(sg_transfer_weights(t.trainer, path, false, &transfer, &error),
                     SG_ERROR_SHAPE);
    assert_holds(error.message, "most of the networks would start at random");
    assert_holds(error.message, "G.synthesis.b4.const is [");
    assert_holds(error.message, "\"channel_max\" ");
    assert_holds(error.message, "\"z_dim\" ");
    assert_holds(error.message, "\"w_dim\" ");
    assert_holds(error.message, "\"init_partly\" goes on");
    assert_null(strstr(error.message, "\"mapping_layers\""));
    error = (sg_error){0};
    assert_int_equal(sg_transfer_weights(t.trainer, path, true, &transfer, &error), SG_OK);
    assert_true(transfer.taken > 0 && transfer.taken * 2 < transfer.wanted);
    free(path);
    end(&t);
}

static void files_without_networks_are_refused(void **state)
{
    sg_error error = {0};
    sg_transfer transfer;
    training t = start(1);
    char *path = temporary_path(state, "absent.safetensors");
    assert_int_equal(sg_transfer_weights(t.trainer, path, true, &transfer, &error), SG_ERROR_FILE);
    assert_holds(error.message, path);
    free(path);
    end(&t);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(weights_are_taken_by_name_and_shape),
        IN_FOLDER(mostly_random_networks_are_refused),
        IN_FOLDER(files_without_networks_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
