/* Sets of directions: copies, names, what is refused. */
#include "edit/direction.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_set_owns_copies(void **state)
{
    (void)state;
    char name[] = "smile";
    double values[] = {1, -2, 3};
    sg_style_channel channel = {"b8.conv1", 5, 0.25};
    const sg_direction smile = SG_DIRECTION(.name = name, .values = values, .rows = 1, .width = 3,
                                            .channels = &channel, .channel_count = 1);
    sg_direction_set set = {0};
    assert_int_equal(sg_direction_set_add(&set, &smile, NULL), SG_OK);
    name[0] = 'X';
    values[1] = 7;
    channel.channel = 0;
    const sg_direction *found = sg_direction_find(&set, "smile", NULL);
    assert_non_null(found);
    assert_true(found->values[1] == -2);
    assert_int_equal(found->channels[0].channel, 5);
    assert_true(found->sigma == 1);
    assert_int_equal(found->last, SG_ALL_LAYERS);
    assert_null(found->source);
    sg_direction_set_clear(&set);
    assert_null(set.items);
}

static void assert_refused(sg_direction_set *set, sg_direction direction, const char *part)
{
    sg_error error = {0};
    assert_int_equal(sg_direction_set_add(set, &direction, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, part));
}

static void names_are_unique_and_numbers_finite(void **state)
{
    (void)state;
    char smile[] = "smile";
    char age[] = "age";
    double values[] = {1, NAN};
    sg_style_channel channel = {"b4.conv1", 0, INFINITY};
    const sg_direction first = SG_DIRECTION(.name = smile);
    sg_direction_set set = {0};
    assert_int_equal(sg_direction_set_add(&set, &first, NULL), SG_OK);
    assert_refused(&set, first, "\"smile\"");
    assert_refused(&set, (sg_direction)SG_DIRECTION(.name = NULL), "no name");
    assert_refused(&set,
                   (sg_direction)SG_DIRECTION(.name = age, .values = values, .rows = 1, .width = 2),
                   "finite");
    assert_refused(
        &set, (sg_direction)SG_DIRECTION(.name = age, .channels = &channel, .channel_count = 1),
        "finite");
    assert_int_equal(set.count, 1);
    sg_direction_set_clear(&set);
}

static void unknown_names_get_a_suggestion(void **state)
{
    (void)state;
    const sg_direction_set none = {0};
    sg_error nothing = {0};
    assert_null(sg_direction_find(&none, "smile", &nothing));
    assert_non_null(strstr(nothing.message, "none at all"));
    char smile[] = "smile";
    sg_error error = {0};
    sg_direction_set set = {0};
    const sg_direction first = SG_DIRECTION(.name = smile);
    assert_int_equal(sg_direction_set_add(&set, &first, NULL), SG_OK);
    assert_null(sg_direction_find(&set, "smlie", &error));
    assert_non_null(strstr(error.message, "did you mean \"smile\"?"));
    error = (sg_error){0};
    assert_null(sg_direction_find(&set, "background", &error));
    assert_non_null(strstr(error.message, "the first of 1 is \"smile\""));
    sg_direction_set_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_owns_copies),
        cmocka_unit_test(names_are_unique_and_numbers_finite),
        cmocka_unit_test(unknown_names_get_a_suggestion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
