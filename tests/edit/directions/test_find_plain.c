/* Directions without labels: planted spreads of w, and planted weights. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/numpy_random.h"
#include "edit/directions/finding.h"
#include "edit/vectors.h"
#include "models/config_rules.h"
#include "support/near.h"
#include "support/networks.h"
#include "support/tensors.h"

enum { WIDTH = 5, CODES = 4000 };

static sg_direction_set find(const sg_finding *what)
{
    sg_direction_set found = {0};
    sg_error error = {0};
    if (sg_directions_find(what, NULL, &found, &error))
        fail_msg("%s", error.message);
    return found;
}

static sg_generator *tiny(sg_context *context)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    return tiny_generator(context, &config, SG_F32, 1);
}

/* ---- principal components ---- */

/* Deviations 3, 2 and 1 along three axes, of which two are not those of the numbers. */
static const double axes[3][WIDTH] = {{0.6, 0.8}, {0, 0, 0, 1}, {-0.8, 0.6}};
static const double deviations[] = {3, 2, 1};

static void draw(float *codes)
{
    sg_numpy_random random;
    sg_numpy_random_seed(&random, 5);
    for (int i = 0; i < CODES; i++)
        for (int axis = 0; axis < 3; axis++) {
            const double amount = deviations[axis] * sg_numpy_random_normal(&random);
            for (int k = 0; k < WIDTH; k++)
                codes[i * WIDTH + k] += (float)(amount * axes[axis][k] + k);
        }
}

static void test_components_of_w(void **state)
{
    float *codes = calloc((size_t)CODES * WIDTH, sizeof *codes);
    sg_generator *generator = tiny(*state);
    assert_non_null(codes);
    draw(codes);
    sg_direction_set found = find(&(sg_finding){.method = SG_FIND_PCA,
                                                .generator = generator,
                                                .psi = 1,
                                                .count = 3,
                                                .last = SG_ALL_LAYERS,
                                                .codes = codes,
                                                .code_count = CODES});
    assert_int_equal(found.count, 3);
    for (size_t i = 0; i < 3; i++) {
        char name[8];
        snprintf(name, sizeof name, "pc%zu", i);
        assert_string_equal(found.items[i].name, name);
        assert_true(fabs(sg_dot(found.items[i].values, axes[i], WIDTH)) > 0.998);
        ASSERT_NEAR(found.items[i].sigma, deviations[i], 0.05);
        assert_true(found.items[i].useful_to > 2.2 && found.items[i].useful_to < 3.2);
    }
    sg_direction_set_clear(&found);
    sg_generator_destroy(generator);
    free(codes);
}

/* Features of a layer whose style follows the second number of w alone. */
static void test_components_of_features(void **state)
{
    enum { FEW = 400 };
    float codes[FEW * WIDTH];
    sg_generator *generator = tiny(*state);
    const sg_parameter_set *set = sg_generator_parameters(generator);
    sg_numpy_random random;
    sg_numpy_random_seed(&random, 2);
    for (int i = 0; i < FEW * WIDTH; i++)
        codes[i] = (float)sg_numpy_random_normal(&random);
    for (size_t i = 0; i < set->count; i++)
        if (strstr(set->items[i].name, ".affine.weight")) {
            sg_tensor *weight = set->items[i].tensor;
            for (int64_t k = 0; k < sg_tensor_count(weight); k++)
                sg_tensor_set_value(weight, k, k % WIDTH == 1 ? 0.5 + (double)(k / WIDTH) : 0);
            sg_tensor_touch(weight);
        }
    sg_direction_set found = find(&(sg_finding){.method = SG_FIND_PCA,
                                                .generator = generator,
                                                .psi = 1,
                                                .count = 1,
                                                .last = SG_ALL_LAYERS,
                                                .layer = "b8.conv0",
                                                .codes = codes,
                                                .code_count = FEW});
    assert_string_equal(found.items[0].name, "b8.conv0-pc0");
    assert_true(fabs(found.items[0].values[1]) > 0.95);
    sg_direction_set_clear(&found);
    sg_generator_destroy(generator);
}

/* ---- closed form ---- */

/* Every fourth row of the maps is the axis `rare`, all others are `common`, of any length. */
static void plant(sg_tensor *weight, int64_t outputs, int64_t stride_of_output,
                  int64_t stride_of_input, int common, int rare)
{
    for (int64_t i = 0; i < sg_tensor_count(weight); i++)
        sg_tensor_set_value(weight, i, 0);
    for (int64_t i = 0; i < outputs; i++)
        sg_tensor_set_value(weight,
                            i * stride_of_output + (i % 4 == 3 ? rare : common) * stride_of_input,
                            i % 2 ? -3 : 0.1 * (double)(i + 1));
    sg_tensor_touch(weight);
}

static void assert_axis(const sg_direction *direction, int axis)
{
    for (int k = 0; k < (int)direction->width; k++)
        assert_true(fabs(direction->values[k] - (k == axis)) < 1e-6);
}

static void test_closed_form_of_layers(void **state)
{
    sg_generator *generator = tiny(*state);
    const sg_parameter_set *set = sg_generator_parameters(generator);
    for (size_t i = 0; i < set->count; i++) {
        sg_tensor *weight = set->items[i].tensor;
        if (strstr(set->items[i].name, ".affine.weight")) {
            const bool first = strstr(set->items[i].name, "synthesis.b4.conv1") != NULL;
            plant(weight, weight->shape.size[0], WIDTH, 1, first ? 4 : 2, first ? 3 : 1);
        }
    }
    sg_finding what = {.method = SG_FIND_SEFA,
                       .generator = generator,
                       .psi = 1,
                       .count = 2,
                       .samples = 50,
                       .last = SG_ALL_LAYERS,
                       .first = 1};
    sg_direction_set found = find(&what);
    assert_axis(&found.items[0], 2);
    assert_axis(&found.items[1], 1);
    assert_int_equal(found.items[0].first, 1);
    sg_direction_set_clear(&found);
    what.first = what.last = 0;
    found = find(&what);
    assert_axis(&found.items[0], 4);
    assert_axis(&found.items[1], 3);
    sg_direction_set_clear(&found);
    sg_generator_destroy(generator);
}

/* ProGAN and DCGAN have no styles: the layer that takes the latent is factored, without the numbers
 * of the label. */
static void check_first_layer(sg_context *context, const sg_generator_config *config,
                              const char *name, bool linear)
{
    sg_generator *generator = tiny_generator(context, config, SG_F32, 1);
    sg_tensor *weight = sg_parameter_find(sg_generator_parameters(generator), name)->tensor;
    const int64_t width = config->w_dim;
    const int64_t outputs = sg_tensor_count(weight) / width;
    plant(weight, outputs, linear ? width : 1, linear ? 1 : outputs, 1, 2);
    for (int64_t i = 0; i < outputs; i++)
        for (int64_t k = config->z_dim; k < width; k++)
            sg_tensor_set_value(weight, linear ? i * width + k : k * outputs + i, 1e3);
    sg_direction_set found = find(&(sg_finding){.method = SG_FIND_SEFA,
                                                .generator = generator,
                                                .psi = 1,
                                                .samples = 50,
                                                .last = SG_ALL_LAYERS});
    assert_int_equal(found.count, config->z_dim);
    assert_axis(&found.items[0], 1);
    assert_axis(&found.items[1], 2);
    assert_non_null(strstr(found.items[0].source, "closed form of the first layer"));
    sg_direction_set_clear(&found);
    sg_generator_destroy(generator);
}

static void test_closed_form_of_first_layers(void **state)
{
    sg_generator_config config = sg_generator_config_of_family(SG_DCGAN);
    for (int classes = 0; classes < 3; classes += 2) {
        config.z_dim = 4;
        config.c_dim = classes;
        config.w_dim = 4 + classes;
        config.img_resolution = 8;
        config.channel_base = 64;
        config.channel_max = 3;
        check_first_layer(*state, &config, "synthesis.b4.project.weight", false);
        const sg_generator_config growing = tiny_growing_config(SG_PROGAN, 8, 3, classes);
        check_first_layer(*state, &growing, "synthesis.b4.dense.weight", true);
    }
}

/* ---- refusals ---- */

static void test_refused(void **state)
{
    sg_generator *generator = tiny(*state);
    const struct {
        sg_finding finding;
        const char *part;
    } cases[] = {{{.method = SG_FIND_SEFA, .count = 6}, "\"count\" is 6, but must be from 1 to 5"},
                 {{.method = SG_FIND_PCA, .count = 6}, "\"count\" is 6"},
                 {{.method = SG_FIND_PCA, .count = 4, .samples = 4}, "\"samples\" is 4"},
                 {{.method = SG_FIND_PCA, .samples = 1}, "at least 2"},
                 {{.method = SG_FIND_PCA, .layer = "b8.conv9", .samples = 20}, "b8.conv"},
                 {{.method = SG_FIND_SEFA, .first = 9, .last = 9}, "\"layers\" are 9 to 9"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sg_finding finding = cases[i].finding;
        sg_direction_set found = {0};
        sg_error error = {0};
        finding.generator = generator;
        finding.psi = 1;
        if (finding.first == 0)
            finding.last = SG_ALL_LAYERS;
        assert_int_equal(sg_directions_find(&finding, NULL, &found, &error), SG_ERROR_ARGUMENT);
        if (!strstr(error.message, cases[i].part))
            fail_msg("\"%s\" lacks \"%s\"", error.message, cases[i].part);
        sg_direction_set_clear(&found);
    }
    sg_generator_destroy(generator);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_components_of_w),
        CASE(test_components_of_features),
        CASE(test_closed_form_of_layers),
        CASE(test_closed_form_of_first_layers),
        CASE(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
