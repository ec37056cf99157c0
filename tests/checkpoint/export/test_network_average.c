/* The mean of networks: parameters and w_avg averaged, buffers of the last, refusals. */
#include "checkpoint/export/network_average.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checkpoint/network/network_load.h"
#include "checkpoint/network/network_writer.h"
#include "support/loaded_networks.h"
#include "support/networks.h"
#include "support/parameters.h"
#include "support/program.h"
#include "support/temporary_folder.h"

enum { FILES = 3 };

/* Networks of three files, the i-th with tensors of their own. */
typedef struct set {
    sg_context *context;
    sg_network_parts parts[FILES];
    sg_network_file *files[FILES];
    char *paths[FILES], *output;
} set;

static set save_set(void *const *state, const sg_generator_config *generator,
                    const sg_discriminator_config *discriminator)
{
    static const char *const names[FILES] = {"a.safetensors", "b.safetensors", "c.safetensors"};
    sg_error error = {0};
    set s = {.context = sg_context_create(1), .output = temporary_path(state, "mean.safetensors")};
    assert_non_null(s.context);
    for (int i = 0; i < FILES; i++) {
        const sg_metadata kimg = {"kimg", i == FILES - 1 ? "7.5" : "3"};
        s.paths[i] = temporary_path(state, names[i]);
        s.parts[i] = make_networks(s.context, generator, discriminator);
        unsettle_parameters(sg_generator_parameters(s.parts[i].generator), 100 + (uint64_t)i);
        unsettle_parameters(sg_generator_parameters(s.parts[i].generator_ema), 200 + (uint64_t)i);
        unsettle_parameters(sg_discriminator_parameters(s.parts[i].discriminator),
                            300 + (uint64_t)i);
        assert_int_equal(sg_network_save(s.paths[i], &s.parts[i], &kimg, 1, &error), SG_OK);
        s.files[i] = open_network(s.paths[i]);
    }
    return s;
}

static void close_set(set *s)
{
    for (int i = 0; i < FILES; i++) {
        sg_network_close(s->files[i]);
        destroy_networks(&s->parts[i]);
        free(s->paths[i]);
    }
    sg_context_destroy(s->context);
    free(s->output);
}

static void average(set *s)
{
    sg_error error = {0};
    sg_network_choice choice;
    if (sg_network_average((const sg_network_file *const *)s->files, FILES, s->output, s->context,
                           &choice, &error))
        fail_msg("%s", error.message);
}

/* Fails unless each tensor is the mean of the three, or the last one's if it is a buffer. */
static void assert_mean(const sg_network_file *file, sg_network_part part,
                        sg_parameter_set *const *sets)
{
    for (size_t i = 0; i < sets[0]->count; i++) {
        const sg_parameter *last = &sets[FILES - 1]->items[i];
        const sg_network_tensor *found = sg_network_tensor_find(file, part, last->name);
        const bool averaged = last->trainable || strcmp(last->name, "mapping.w_avg") == 0;
        assert_non_null(found);
        float *values = malloc(found->count * sizeof *values);
        assert_non_null(values);
        assert_int_equal(sg_network_tensor_read_floats(found, values, NULL), SG_OK);
        for (size_t k = 0; k < found->count; k++) {
            double expected = sg_tensor_value(last->tensor, (int64_t)k);
            for (int f = 0; averaged && f < FILES - 1; f++)
                expected += sg_tensor_value(sets[f]->items[i].tensor, (int64_t)k);
            if (values[k] != (float)(expected / (averaged ? FILES : 1)) &&
                fabs((double)values[k] - expected / (averaged ? FILES : 1)) > 1e-7)
                fail_msg("%s[%zu] is %g", last->name, k, (double)values[k]);
        }
        free(values);
    }
}

static void check_mean(void *const *state, const sg_generator_config *generator,
                       const sg_discriminator_config *discriminator)
{
    sg_parameter_set *g[FILES];
    sg_parameter_set *d[FILES];
    sg_parameter_set *ema[FILES];
    set s = save_set(state, generator, discriminator);
    average(&s);
    for (int i = 0; i < FILES; i++) {
        g[i] = sg_generator_parameters(s.parts[i].generator);
        d[i] = sg_discriminator_parameters(s.parts[i].discriminator);
        ema[i] = sg_generator_parameters(s.parts[i].generator_ema);
    }
    sg_network_file *mean = open_network(s.output);
    assert_mean(mean, SG_PART_G, g);
    assert_mean(mean, SG_PART_D, d);
    assert_mean(mean, SG_PART_G_EMA, ema);
    assert_string_equal(sg_network_metadata_at(mean, 0).key, "averaged");
    assert_string_equal(sg_network_metadata_at(mean, 0).value, "3");
    assert_string_equal(sg_network_metadata_at(mean, 1).value, "7.5");
    sg_network_close(mean);
    close_set(&s);
}

static void parameters_are_averaged_and_buffers_copied(void **state)
{
    const sg_generator_config g2 = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 2);
    const sg_generator_config g3 = tiny_stylegan3_config(true, 3, 2);
    const sg_discriminator_config d = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, 2);
    check_mean(state, &g2, &d);
    check_mean(state, &g3, &d);
}

static void parts_in_common_are_averaged(void **state)
{
    sg_error error = {0};
    sg_network_choice choice;
    const sg_generator_config g = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    const sg_discriminator_config d = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, 0);
    set s = save_set(state, &g, &d);
    sg_network_close(s.files[1]);
    const sg_network_parts average_alone = {.generator_ema = s.parts[1].generator_ema};
    assert_int_equal(sg_network_save(s.paths[1], &average_alone, NULL, 0, &error), SG_OK);
    s.files[1] = open_network(s.paths[1]);
    assert_int_equal(sg_network_average((const sg_network_file *const *)s.files, FILES, s.output,
                                        s.context, &choice, &error),
                     SG_OK);
    assert_true(choice.part[SG_PART_G_EMA] && !choice.part[SG_PART_G] && !choice.part[SG_PART_D]);
    const sg_network_parts without = {.generator = s.parts[0].generator};
    sg_network_close(s.files[0]);
    assert_int_equal(sg_network_save(s.paths[0], &without, NULL, 0, &error), SG_OK);
    s.files[0] = open_network(s.paths[0]);
    assert_int_equal(sg_network_average((const sg_network_file *const *)s.files, FILES, s.output,
                                        s.context, &choice, &error),
                     SG_ERROR_ARGUMENT);
    assert_holds(error.message, "none of G, D and G_ema in common");
    close_set(&s);
}

static void other_networks_are_refused(void **state)
{
    sg_error error = {0};
    sg_network_choice choice;
    sg_generator_config g = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    const sg_discriminator_config d = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, 0);
    set s = save_set(state, &g, &d);
    g.z_dim = 7;
    sg_network_parts other = make_networks(s.context, &g, &d);
    sg_network_close(s.files[1]);
    assert_int_equal(sg_network_save(s.paths[1], &other, NULL, 0, &error), SG_OK);
    s.files[1] = open_network(s.paths[1]);
    assert_int_equal(sg_network_average((const sg_network_file *const *)s.files, FILES, s.output,
                                        s.context, &choice, &error),
                     SG_ERROR_SHAPE);
    assert_holds(error.message, "their networks differ in \"z_dim\"");
    destroy_networks(&other);
    close_set(&s);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(parameters_are_averaged_and_buffers_copied),
        IN_FOLDER(parts_in_common_are_averaged),
        IN_FOLDER(other_networks_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
