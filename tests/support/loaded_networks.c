/* See loaded_networks.h. */
#include "support/loaded_networks.h"
#include "checkpoint/network/network_load.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/golden_names.h"
#include "support/parameters.h"

sg_network_parts make_networks(sg_context *context, const sg_generator_config *generator,
                               const sg_discriminator_config *discriminator)
{
    sg_network_parts parts = {.generator = sg_generator_create(context, generator, SG_F32, 1),
                              .generator_ema = sg_generator_create(context, generator, SG_F32, 2)};
    assert_non_null(parts.generator);
    assert_non_null(parts.generator_ema);
    unsettle_parameters(sg_generator_parameters(parts.generator), 11);
    unsettle_parameters(sg_generator_parameters(parts.generator_ema), 12);
    if (discriminator) {
        parts.discriminator = sg_discriminator_create(context, discriminator, SG_F32, 3);
        assert_non_null(parts.discriminator);
        unsettle_parameters(sg_discriminator_parameters(parts.discriminator), 13);
    }
    return parts;
}

sg_network_parts load_golden_networks(sg_context *context, const char *name)
{
    sg_network_parts parts = {0};
    sg_error error = {0};
    sg_network_file *file = open_golden_network(name);
    if (sg_network_load_generator(file, SG_PART_G_EMA, context, &parts.generator, &error) ||
        sg_network_load_generator(file, SG_PART_G_EMA, context, &parts.generator_ema, &error) ||
        sg_network_load_discriminator(file, context, &parts.discriminator, &error))
        fail_msg("%s", error.message);
    sg_network_close(file);
    return parts;
}

void destroy_networks(sg_network_parts *parts)
{
    sg_generator_destroy(parts->generator);
    sg_generator_destroy(parts->generator_ema);
    sg_discriminator_destroy(parts->discriminator);
    *parts = (sg_network_parts){0};
}

sg_network_file *open_network(const char *path)
{
    sg_network_file *file = NULL;
    sg_error error = {0};
    if (sg_network_open(path, &file, &error))
        fail_msg("%s", error.message);
    return file;
}

static void assert_same_set(const sg_parameter_set *found, const sg_parameter_set *expected,
                            double tolerance)
{
    assert_int_equal(found->count, expected->count);
    for (size_t i = 0; i < found->count; i++) {
        const sg_tensor *a = found->items[i].tensor;
        const sg_tensor *b = expected->items[i].tensor;
        assert_string_equal(found->items[i].name, expected->items[i].name);
        assert_true(sg_shape_equal(&a->shape, &b->shape));
        for (int64_t k = 0; k < sg_tensor_count(a); k++)
            if (!(fabs((double)sg_f32(a)[k] - (double)sg_f32(b)[k]) <= tolerance))
                fail_msg("%s[%lld] is %g, expected %g", found->items[i].name, (long long)k,
                         (double)sg_f32(a)[k], (double)sg_f32(b)[k]);
    }
}

static void check_generator(const sg_network_file *file, sg_network_part part,
                            sg_generator *expected, double tolerance)
{
    sg_generator *loaded = NULL;
    sg_error error = {0};
    assert_int_equal(sg_network_has(file, part), expected != NULL);
    if (!expected)
        return;
    sg_context *context = sg_generator_parameters(expected)->context;
    if (sg_network_load_generator(file, part, context, &loaded, &error))
        fail_msg("%s", error.message);
    assert_same_set(sg_generator_parameters(loaded), sg_generator_parameters(expected), tolerance);
    sg_generator_destroy(loaded);
}

void assert_file_holds(const char *path, const sg_network_parts *parts, double tolerance)
{
    sg_network_file *file = open_network(path);
    sg_discriminator *loaded = NULL;
    sg_error error = {0};
    check_generator(file, SG_PART_G, parts->generator, tolerance);
    check_generator(file, SG_PART_G_EMA, parts->generator_ema, tolerance);
    assert_int_equal(sg_network_has(file, SG_PART_D), parts->discriminator != NULL);
    if (parts->discriminator) {
        sg_parameter_set *expected = sg_discriminator_parameters(parts->discriminator);
        if (sg_network_load_discriminator(file, expected->context, &loaded, &error))
            fail_msg("%s", error.message);
        assert_same_set(sg_discriminator_parameters(loaded), expected, tolerance);
        sg_discriminator_destroy(loaded);
    }
    sg_network_close(file);
}

void assert_part_refused(const char *path, sg_network_part part, const char *words)
{
    sg_context *context = sg_context_create(1);
    sg_network_file *file = open_network(path);
    sg_generator *generator = NULL;
    sg_discriminator *discriminator = NULL;
    sg_error error = {0};
    sg_status status = part == SG_PART_D
                           ? sg_network_load_discriminator(file, context, &discriminator, &error)
                           : sg_network_load_generator(file, part, context, &generator, &error);
    assert_int_not_equal(status, SG_OK);
    assert_null(generator);
    assert_null(discriminator);
    if (!strstr(error.message, words))
        fail_msg("\"%s\" lacks \"%s\"", error.message, words);
    sg_network_close(file);
    sg_context_destroy(context);
}
