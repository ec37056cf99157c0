/* Moves, mixes, directions that do not disturb each other, and walks. */
#include "edit/vectors.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 3 };

static void assert_near(double value, double expected)
{
    assert_true(fabs(value - expected) < 1e-12);
}

static void moves_reach_the_chosen_rows(void **state)
{
    (void)state;
    const double direction[] = {1, 0, -1};
    const double layered[] = {1, 1, 1, 5, 5, 5};
    const bool second[] = {false, true};
    double ws[] = {0, 0, 0, 10, 10, 10};
    sg_move_rows(ws, 2, WIDTH, second, direction, false, 2);
    assert_true(ws[0] == 0 && ws[3] == 12 && ws[5] == 8);
    sg_move_rows(ws, 2, WIDTH, NULL, layered, true, -1);
    assert_true(ws[0] == -1 && ws[3] == 7);
}

static void mixes_are_hard_or_soft(void **state)
{
    (void)state;
    const double other[] = {1, 0.1, 1, 1, 1, 1};
    const bool first[] = {true, false};
    double ws[] = {0, 0, 0, 0, 0, 0};
    sg_mix_rows(ws, other, 2, WIDTH, first, 0.25);
    assert_true(ws[0] == 0.25 && ws[3] == 0);
    sg_mix_rows(ws, other, 2, WIDTH, first, 1);
    assert_memory_equal(ws, other, WIDTH * sizeof *ws);
}

static void a_conditioned_direction_leaves_the_others_alone(void **state)
{
    (void)state;
    const double vector[] = {1, 1, 1};
    const double others[] = {0, 0, 2, 0, 0, -1}; /* the second depends on the first */
    double result[WIDTH];
    assert_int_equal(sg_condition(vector, others, 2, WIDTH, result, NULL), SG_OK);
    assert_near(result[2], 0);
    assert_near(result[0], sqrt(0.5));
    assert_near(sg_length(result, WIDTH), 1);
}

static void nothing_left_is_a_sentence(void **state)
{
    (void)state;
    const double vector[] = {1, 1, 0};
    const double others[] = {1, 0, 0, 0, 3, 0};
    double rows[] = {1, 0, 0, 2, 0, 0};
    double result[WIDTH];
    sg_error error = {0};
    assert_int_equal(sg_condition(vector, others, 2, WIDTH, result, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "nothing is left"));
    error = (sg_error){0};
    assert_int_equal(sg_orthonormalise(rows, 2, WIDTH, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "direction 2 of 2"));
}

static void rows_become_orthonormal_with_their_signs(void **state)
{
    (void)state;
    double rows[] = {-2, 0, 0, 1, 1, 0, 1, 1, -3};
    assert_int_equal(sg_orthonormalise(rows, 3, WIDTH, NULL), SG_OK);
    const double expected[] = {-1, 0, 0, 0, 1, 0, 0, 0, -1};
    for (int i = 0; i < 9; i++)
        assert_near(rows[i], expected[i]);
}

static void walks_begin_on_the_boundary_unless_layered(void **state)
{
    (void)state;
    const double normal[] = {0, 1, 0};
    const double start[] = {1, 5, 2, 1, 5, 2};
    double result[6];
    sg_walk_from_boundary(start, 1, WIDTH, normal, 3, result);
    assert_true(result[0] == 1 && result[1] == 3 && result[2] == 2);
    sg_walk_from_boundary(start, 2, WIDTH, normal, 3, result);
    assert_true(result[1] == 8 && result[4] == 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_reach_the_chosen_rows),
        cmocka_unit_test(mixes_are_hard_or_soft),
        cmocka_unit_test(a_conditioned_direction_leaves_the_others_alone),
        cmocka_unit_test(nothing_left_is_a_sentence),
        cmocka_unit_test(rows_become_orthonormal_with_their_signs),
        cmocka_unit_test(walks_begin_on_the_boundary_unless_layered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
