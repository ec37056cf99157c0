/* Options that a sweep varies: names, lists, spans, ranges, mistakes. */
#include "sweep/sweep_axis.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "train/options/training_fields.h"

/* The values of an axis with bars between. */
static const char *values_of(const sg_sweep_axis *axis, char text[256])
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < axis->count; i++)
        length +=
            (size_t)snprintf(text + length, 256 - length, "%s%s", i ? "|" : "", axis->values[i]);
    return text;
}

static void lists_are_read(void **state)
{
    static const struct {
        const char *text, *option, *values;
    } cases[] = {
        {"gamma=0.1,1,10", "gamma", "0.1|1|10"},
        {"Z_dim=16,64", "z-dim", "16|64"},
        {"seed=0-2,7", "seed", "0|1|2|7"},
        {"cfg=dcgan,stylegan1", "cfg", "dcgan|stylegan1"},
        {"resample-filter=1,3,3,1;1,2,1", "resample-filter", "1,3,3,1|1,2,1"},
        {"map-depth=,2", "map-depth", "|2"},
        {"no-noise=false,true", "no-noise", "false|true"},
        {"grow-batch=4:64,8:32;", "grow-batch", "4:64,8:32|"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[256];
        sg_sweep_axis axis;
        sg_error error = {0};
        if (sg_sweep_axis_parse(cases[i].text, &axis, &error))
            fail_msg("%s: %s", cases[i].text, error.message);
        assert_string_equal(axis.field->option, cases[i].option);
        assert_string_equal(values_of(&axis, text), cases[i].values);
        assert_false(axis.is_range);
        sg_sweep_axis_clear(&axis);
    }
}

static void draw(sg_sweep_axis *axis, size_t count)
{
    sg_random random = sg_random_stream(3, 5);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(sg_sweep_axis_draw(axis, i, &random, NULL), SG_OK);
    assert_int_equal(axis->count, count);
}

/* Three digits would make 0.999 or 1 of all of them. */
static void narrow_ranges_have_more_digits(void **state)
{
    sg_sweep_axis axis;
    int same = 0;
    (void)state;
    assert_int_equal(sg_sweep_axis_parse("beta2=0.999..0.9999", &axis, NULL), SG_OK);
    draw(&axis, 20);
    for (size_t i = 0; i < axis.count; i++) {
        const double value = strtod(axis.values[i], NULL);
        assert_true(value >= 0.999 && value <= 0.9999);
        same += i > 0 && strcmp(axis.values[i], axis.values[i - 1]) == 0;
    }
    assert_true(same < 3);
    sg_sweep_axis_clear(&axis);
}

static void ranges_are_drawn_from(void **state)
{
    sg_sweep_axis axis;
    sg_sweep_axis whole;
    (void)state;
    assert_int_equal(sg_sweep_axis_parse("glr=log:1e-4..1e-2", &axis, NULL), SG_OK);
    assert_true(axis.is_range && axis.logarithmic && axis.least == 1e-4 && axis.most == 1e-2);
    draw(&axis, 200);
    int below = 0;
    for (size_t i = 0; i < axis.count; i++) {
        const double value = strtod(axis.values[i], NULL);
        assert_true(value >= 1e-4 && value <= 1e-2);
        assert_true(strlen(axis.values[i]) <= 9); /* three digits */
        below += value < 1e-3;
    }
    assert_true(below > 70 && below < 130);
    sg_sweep_axis_clear(&axis);
    assert_int_equal(sg_sweep_axis_parse("z-dim=8..64", &whole, NULL), SG_OK);
    draw(&whole, 50);
    for (size_t i = 0; i < whole.count; i++)
        assert_null(strpbrk(whole.values[i], ".e"));
    sg_sweep_axis_clear(&whole);
}

static void mistakes_get_a_sentence(void **state)
{
    static const char *const cases[][2] = {
        {"gamma", "takes NAME=VALUE"},
        {"=3", "takes NAME=VALUE"},
        {"gama=1", "no option of a training; did you mean gamma?"},
        {"outdir=a,b", "which cannot vary: a sweep has one folder"},
        {"metrics=fid5k", "settings are compared by one metric"},
        {"gamma=1,x", "\"x\""},
        {"batch=0", "a whole number from 1 to 65536"},
        {"seed=5-2", "must ascend"},
        {"seed=0-5000", "at most 1000 numbers"},
        {"glr=..0.01", "lacks its LOW"},
        {"glr=log:..0.01", "lacks its LOW"},
        {"z-dim=16..", "lacks its HIGH"},
        {"glr=0.1..0.01", "LOW must be below HIGH"},
        {"glr=log:0..0.01", "above 0 for logarithms"},
        {"cfg=dcgan,gan", "\"gan\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sg_sweep_axis axis;
        sg_error error = {0};
        assert_int_equal(sg_sweep_axis_parse(cases[i][0], &axis, &error), SG_ERROR_ARGUMENT);
        if (!strstr(error.message, cases[i][1]))
            fail_msg("%s: \"%s\" is not in: %s", cases[i][0], cases[i][1], error.message);
        sg_sweep_axis_clear(&axis);
    }
}

/* A switch that names what it leaves out is true where the option is given. */
static void options_are_set_and_printed(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"no-noise", "true"}, {"gamma", "0.5"}, {"loss", "hinge"}, {"grow-batch", "4:64,8:32"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sg_run_options options = {0};
        sg_given given = {0};
        sg_text text = {0};
        const size_t row = (size_t)sg_field_find_option(&sg_training_table, texts[i][0]);
        assert_int_equal(sg_sweep_set_option(row, texts[i][1], &options, &given, NULL), SG_OK);
        assert_true(sg_given_has(&given, row));
        assert_false(options.trainer.generator.use_noise);
        sg_sweep_print_option(row, &options, &text);
        assert_string_equal(text.bytes, texts[i][1]);
        sg_text_clear(&text);
    }
    sg_run_options options = {0};
    sg_given given = {0};
    assert_int_equal(sg_sweep_set_option(3, "", &options, &given, NULL), SG_OK);
    assert_false(sg_given_has(&given, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_read),
        cmocka_unit_test(ranges_are_drawn_from),
        cmocka_unit_test(narrow_ranges_have_more_digits),
        cmocka_unit_test(mistakes_get_a_sentence),
        cmocka_unit_test(options_are_set_and_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
