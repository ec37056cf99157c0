/* Principal components of vectors that are made of few: exact, and in parts. */
#include "edit/directions/components.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "support/near.h"

enum { SOURCES = 3 };

/* Vectors that are the sum of three waves, times normal numbers of deviation 4, 2 and 1, about a
 * mean that is far away. */
static float *make_vectors(size_t count, size_t width)
{
    static const double deviations[SOURCES] = {4, 2, 1};
    sg_random random = sg_random_stream(7, 0);
    float *rows = calloc(count, width * sizeof *rows);
    for (size_t i = 0; i < count; i++) {
        float amounts[SOURCES];
        sg_random_normal_fill(&random, amounts, SOURCES);
        for (size_t k = 0; k < width; k++) {
            rows[i * width + k] = 5;
            for (size_t s = 0; s < SOURCES; s++)
                rows[i * width + k] +=
                    (float)(deviations[s] * amounts[s] *
                            cos(6.283185307179586 * (double)(s + 1) * (double)k / (double)width));
        }
    }
    return rows;
}

static sg_components find(const float *rows, size_t count, size_t width, size_t part)
{
    sg_component_sums *sums = NULL;
    sg_components found;
    assert_int_equal(sg_component_sums_create(width, SOURCES, &sums, NULL), SG_OK);
    for (size_t at = 0; at < count; at += part) {
        const sg_rows some = {rows + at * width, count - at < part ? count - at : part, width};
        assert_int_equal(sg_component_sums_add(sums, &some, NULL), SG_OK);
    }
    assert_int_equal(sg_component_sums_finish(sums, &found, NULL), SG_OK);
    sg_component_sums_destroy(sums);
    return found;
}

/* Compares with the definition: the deviation of the coordinates, which do not vary together. */
static void check(const sg_components *found, const float *rows, size_t count)
{
    double products[SOURCES][SOURCES] = {{0}};
    double total = 0;
    for (size_t i = 0; i < count; i++) {
        double at[SOURCES];
        const float *row = rows + i * found->width;
        sg_components_project(found, row, at);
        for (size_t a = 0; a < SOURCES; a++)
            for (size_t b = 0; b < SOURCES; b++)
                products[a][b] += at[a] * at[b] / (double)count;
        for (size_t k = 0; k < found->width; k++)
            total += (row[k] - found->mean[k]) * (row[k] - found->mean[k]) / (double)count;
    }
    for (size_t a = 0; a < SOURCES; a++)
        for (size_t b = 0; b < SOURCES; b++) {
            const double expected = a == b ? found->deviations[a] * found->deviations[a] : 0;
            assert_true(fabs(products[a][b] - expected) < 1e-5 * products[0][0]);
        }
    ASSERT_NEAR(found->total_variance, total, 1e-6);
    ASSERT_NEAR(products[0][0] + products[1][1] + products[2][2], total, 1e-6);
}

static void test_exact(void **state)
{
    (void)state;
    enum { COUNT = 300, WIDTH = 40 };
    float *rows = make_vectors(COUNT, WIDTH);
    sg_components found = find(rows, COUNT, WIDTH, COUNT);
    assert_int_equal(found.samples, COUNT);
    check(&found, rows, COUNT);
    sg_components_clear(&found);
    free(rows);
}

/* Wider than any covariance: parts give what all at once would. */
static void test_in_parts(void **state)
{
    (void)state;
    enum { COUNT = 300, WIDTH = SG_COMPONENTS_EXACT_WIDTH + 1 };
    float *rows = make_vectors(COUNT, WIDTH);
    sg_components found = find(rows, COUNT, WIDTH, 37);
    assert_int_equal(found.samples, COUNT);
    check(&found, rows, COUNT);
    sg_components_clear(&found);
    free(rows);
}

static void test_refused(void **state)
{
    (void)state;
    static const float numbers[] = {1, 2, 3, NAN};
    sg_component_sums *sums = NULL;
    sg_components found;
    sg_error error = {0};
    assert_int_equal(sg_component_sums_create(2, 3, &sums, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "\"count\" is 3, but must be from 1 to 2");
    assert_int_equal(sg_component_sums_create(2, 1, &sums, NULL), SG_OK);
    assert_int_equal(sg_component_sums_add(sums, &(sg_rows){numbers, 2, 2}, NULL),
                     SG_ERROR_ARGUMENT);
    assert_int_equal(sg_component_sums_add(sums, &(sg_rows){numbers, 1, 2}, NULL), SG_OK);
    assert_int_equal(sg_component_sums_finish(sums, &found, NULL), SG_ERROR_ARGUMENT);
    assert_null(found.vectors);
    sg_component_sums_destroy(sums);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_in_parts),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
