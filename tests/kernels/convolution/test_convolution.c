/*
 * Convolutions through the engine, in all three directions, against the plain reference kernels in
 * double over a grid of shapes; and the references against numbers and against each other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "kernels/convolution/by_onednn.h"
#include "kernels/convolution/convolution.h"
#include "kernels/convolution/reference.h"
#include "support/convolution_cases.h"
#include "support/numbers.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Not 1, and not a power of two that would leave every rounding as it is. */
static const double gain = 0.7;

static sg_convolution_engine *engine_of(bool exact)
{
    sg_convolution_engine *engine;
    assert_int_equal(sg_convolution_engine_create(exact, &engine), SG_OK);
    return engine;
}

static sg_convolution_plan *found_plan(sg_convolution_engine *engine,
                                       const sg_convolution_shape *shape,
                                       sg_convolution_direction direction)
{
    sg_convolution_plan *plan;
    assert_int_equal(sg_convolution_plan_get(engine, shape, direction, &plan), SG_OK);
    return plan;
}

static sg_convolution_plan *plan_of(sg_convolution_engine *engine, const convolution_case *tested,
                                    sg_convolution_direction direction)
{
    sg_convolution_plan *plan;
    if (sg_convolution_plan_get(engine, &tested->shape, direction, &plan))
        fail_msg("%s: no plan for direction %d", tested->name, (int)direction);
    return plan;
}

/* Forward or backward data; the caller frees the result. */
static float *run(sg_convolution_engine *engine, const convolution_case *tested,
                  sg_convolution_direction direction)
{
    bool forward = direction == SG_FORWARD;
    sg_convolution_plan *plan = plan_of(engine, tested, direction);
    void *packed = unwritten_bytes(sg_convolution_packed_bytes(plan));
    void *scratch = unwritten_bytes(sg_convolution_scratch_bytes(plan));
    float *result = unwritten_floats(forward ? count_y(&tested->shape) : count_x(&tested->shape));
    assert_int_equal(sg_convolution_pack(plan, tested->gain, tested->w, packed), 0);
    assert_int_equal(
        sg_convolution_run(plan, packed, forward ? tested->x : tested->y, result, scratch, NULL),
        0);
    free(packed);
    free(scratch);
    return result;
}

static float *run_weights(sg_convolution_engine *engine, const convolution_case *tested)
{
    sg_convolution_plan *plan = plan_of(engine, tested, SG_BACKWARD_WEIGHTS);
    void *scratch = unwritten_bytes(sg_convolution_scratch_bytes(plan));
    float *result = unwritten_floats(count_w(&tested->shape));
    assert_int_equal(
        sg_convolution_run_weights(plan, tested->gain, tested->x, tested->y, result, scratch), 0);
    free(scratch);
    return result;
}

static void check_case(sg_convolution_engine *engine, const convolution_case *tested,
                       double tolerance)
{
    const sg_convolution_shape *shape = &tested->shape;
    float *forward = run(engine, tested, SG_FORWARD);
    assert_near_by_norm(tested->name, "forward", forward, tested->forward, count_y(shape),
                        tolerance);
    float *data = run(engine, tested, SG_BACKWARD_DATA);
    assert_near_by_norm(tested->name, "backward data", data, tested->data, count_x(shape),
                        tolerance);
    float *weights = run_weights(engine, tested);
    assert_near_by_norm(tested->name, "backward weights", weights, tested->weights, count_w(shape),
                        tolerance);
    free(forward);
    free(data);
    free(weights);
}

/* Height and width, stride, padding at the top, left, bottom and right. */
static const int64_t kernels[][7] = {
    {1, 1, 1, 0, 0, 0, 0}, {1, 1, 2, 0, 0, 0, 0}, {3, 3, 1, 0, 0, 0, 0}, {3, 3, 2, 0, 0, 0, 0},
    {3, 3, 1, 1, 1, 1, 1}, {3, 3, 2, 1, 1, 1, 1}, {3, 3, 1, 2, 0, 1, 1}, {3, 3, 2, 0, 2, 1, 0},
    {2, 5, 1, 0, 0, 0, 0}, {2, 5, 1, 0, 2, 1, 2}, {2, 5, 2, 1, 3, 0, 1},
};
static const int64_t channels[][2] = {{1, 1},  {1, 17},  {3, 5},   {5, 3},   {8, 16},
                                      {16, 8}, {17, 17}, {48, 64}, {64, 48}, {513, 16}};
static const int64_t sizes[][2] = {{1, 1}, {2, 3}, {5, 7}, {33, 33}};

/* Multiply-adds that a case of the grid may take, for the sake of the slow references. */
enum { GRID_LIMIT = 80000 };

/* Every kernel, pair of channels and size; batches and the order of the weights take turns. */
static void test_grid_of_shapes(void **state)
{
    (void)state;
    sg_convolution_engine *engine = engine_of(true);
    assert_non_null(engine);
    int64_t turn = 0;
    int checked = 0;
    for (size_t k = 0; k < COUNT(kernels); k++)
        for (size_t c = 0; c < COUNT(channels); c++)
            for (size_t s = 0; s < COUNT(sizes); s++, turn++) {
                const int64_t *kernel = kernels[k];
                convolution_geometry geometry = {turn % 2 ? 3 : 1,
                                                 sizes[s][0],
                                                 sizes[s][1],
                                                 channels[c][0],
                                                 channels[c][1],
                                                 kernel[0],
                                                 kernel[1],
                                                 kernel[2],
                                                 kernel[3],
                                                 kernel[4],
                                                 kernel[5],
                                                 kernel[6],
                                                 1};
                sg_convolution_shape shape;
                if (!shape_of_geometry(&geometry, turn / 2 % 2, &shape) ||
                    sg_convolution_multiply_adds(&shape) > GRID_LIMIT)
                    continue;
                convolution_case tested;
                make_convolution_case(&tested, &shape, gain, CASE_ALL);
                check_case(engine, &tested, 1e-5);
                free_convolution_case(&tested);
                checked++;
            }
    assert_true(checked > 200);
    sg_convolution_engine_destroy(engine);
}

/* Both engines, and both orders of the weights where there is one group. */
static void check_everything(const convolution_geometry *geometries, size_t count)
{
    sg_convolution_engine *exact = engine_of(true);
    sg_convolution_engine *fast = engine_of(false);
    assert_non_null(exact);
    assert_non_null(fast);
    for (size_t i = 0; i < count; i++)
        for (int swapped = 0; swapped < (geometries[i].groups == 1 ? 2 : 1); swapped++) {
            sg_convolution_shape shape;
            convolution_case tested;
            assert_true(shape_of_geometry(&geometries[i], swapped, &shape));
            make_convolution_case(&tested, &shape, gain, CASE_ALL);
            check_case(exact, &tested, 1e-5);
            check_case(fast, &tested, 3e-5);
            free_convolution_case(&tested);
        }
    sg_convolution_engine_destroy(exact);
    sg_convolution_engine_destroy(fast);
}

static void test_larger_shapes_through_both_engines(void **state)
{
    (void)state;
    static const convolution_geometry geometries[] = {
        {1, 33, 33, 16, 16, 3, 3, 1, 1, 1, 1, 1, 1}, {1, 33, 33, 16, 16, 3, 3, 2, 0, 0, 0, 0, 1},
        {3, 17, 15, 16, 16, 3, 3, 1, 2, 0, 1, 2, 1}, {3, 33, 33, 16, 16, 1, 1, 1, 0, 0, 0, 0, 1},
        {1, 7, 9, 64, 48, 3, 3, 1, 1, 1, 1, 1, 1},   {1, 5, 4, 513, 16, 3, 3, 1, 1, 1, 1, 1, 1},
        {3, 33, 33, 3, 17, 2, 5, 2, 0, 2, 1, 2, 1},  {1, 70, 75, 2, 3, 3, 3, 1, 0, 1, 2, 0, 1},
        {1, 9, 8, 130, 65, 3, 3, 1, 1, 1, 1, 1, 1},  {2, 33, 33, 64, 65, 1, 1, 1, 0, 0, 0, 0, 1},
    };
    check_everything(geometries, COUNT(geometries));
}

/* As many groups as samples is how modulated convolutions come; channelwise the other extreme. */
static void test_groups(void **state)
{
    (void)state;
    static const convolution_geometry geometries[] = {
        {1, 5, 7, 6, 10, 3, 3, 1, 1, 1, 1, 1, 2},    {3, 5, 7, 8, 8, 3, 3, 1, 1, 1, 1, 1, 8},
        {1, 13, 15, 48, 32, 3, 3, 1, 1, 1, 1, 1, 2}, {1, 9, 11, 51, 51, 3, 3, 2, 1, 0, 0, 1, 3},
        {3, 2, 3, 15, 3, 1, 1, 1, 0, 0, 0, 0, 3},    {1, 5, 7, 64, 128, 2, 5, 1, 0, 2, 1, 2, 4},
    };
    check_everything(geometries, COUNT(geometries));
}

/* The two strides are not one: rows are taken all, columns every other. */
static void test_unequal_strides(void **state)
{
    (void)state;
    static const convolution_geometry geometry = {2, 7, 9, 5, 8, 3, 2, 1, 1, 0, 0, 1, 1};
    sg_convolution_engine *engine = engine_of(true);
    sg_convolution_shape shape;
    convolution_case tested;
    assert_true(shape_of_geometry(&geometry, false, &shape));
    shape.stride_x = 2;
    shape.out_width = (shape.out_width - 1) / 2 + 1;
    make_convolution_case(&tested, &shape, gain, CASE_ALL);
    check_case(engine, &tested, 1e-5);
    free_convolution_case(&tested);
    sg_convolution_engine_destroy(engine);
}

static void test_plans_are_kept(void **state)
{
    (void)state;
    static const convolution_geometry geometry = {2, 9, 9, 16, 32, 3, 3, 1, 1, 1, 1, 1, 1};
    sg_convolution_engine *engine = engine_of(false);
    sg_convolution_shape shape;
    assert_true(shape_of_geometry(&geometry, false, &shape));
    sg_convolution_shape wider = shape;
    wider.batch = 3;
    sg_convolution_plan *forward = found_plan(engine, &shape, SG_FORWARD);
    sg_convolution_plan *data = found_plan(engine, &shape, SG_BACKWARD_DATA);
    assert_ptr_equal(found_plan(engine, &shape, SG_FORWARD), forward);
    assert_ptr_not_equal(data, forward);
    assert_ptr_not_equal(found_plan(engine, &wider, SG_FORWARD), forward);
    uint64_t key = sg_convolution_pack_key(forward, 1);
    assert_int_equal(sg_convolution_pack_key(forward, 1), key);
    assert_true(sg_convolution_pack_key(forward, 0.5) != key);
    sg_convolution_engine_destroy(engine);
    sg_convolution_engine_destroy(NULL);
}

/* Two plans that name the same layout must pack the same bytes: copies are shared by the key. */
static void test_equal_keys_mean_equal_copies(void **state)
{
    (void)state;
    static const int64_t heights[] = {4, 5, 24, 33};
    sg_convolution_engine *engine = engine_of(false);
    float *weights = random_floats((int64_t)32 * 16 * 9, 5);
    for (int direction = SG_FORWARD; direction <= SG_BACKWARD_DATA; direction++)
        for (size_t a = 0; a < COUNT(heights); a++)
            for (size_t b = 0; b < a; b++) {
                sg_convolution_plan *plans[2];
                void *packed[2];
                size_t bytes[2];
                for (int i = 0; i < 2; i++) {
                    int64_t side = heights[i ? b : a];
                    convolution_geometry geometry = {1, side, side, 16, 32, 3, 3, 1, 1, 1, 1, 1, 1};
                    sg_convolution_shape shape;
                    assert_true(shape_of_geometry(&geometry, false, &shape));
                    plans[i] = found_plan(engine, &shape, (sg_convolution_direction)direction);
                    bytes[i] = sg_convolution_packed_bytes(plans[i]);
                    packed[i] = unwritten_bytes(bytes[i]);
                    assert_int_equal(sg_convolution_pack(plans[i], gain, weights, packed[i]), 0);
                }
                if (sg_convolution_pack_key(plans[0], gain) ==
                    sg_convolution_pack_key(plans[1], gain)) {
                    assert_int_equal(bytes[0], bytes[1]);
                    assert_memory_equal(packed[0], packed[1], bytes[0]);
                }
                free(packed[0]);
                free(packed[1]);
            }
    free(weights);
    sg_convolution_engine_destroy(engine);
}

static void test_an_output_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    static const convolution_geometry geometry = {1, 5, 7, 3, 5, 3, 3, 1, 1, 1, 1, 1, 1};
    sg_convolution_engine *engine = engine_of(true);
    sg_convolution_shape shape;
    assert_true(shape_of_geometry(&geometry, false, &shape));
    if (!sg_onednn_is_built_in()) /* the ops check shapes; oneDNN does so once more */
        skip();
    sg_convolution_plan *fitting = found_plan(engine, &shape, SG_FORWARD);
    shape.out_height++;
    for (int direction = SG_FORWARD; direction <= SG_BACKWARD_DATA; direction++) {
        sg_convolution_plan *plan = fitting;
        assert_int_equal(
            sg_convolution_plan_get(engine, &shape, (sg_convolution_direction)direction, &plan),
            SG_ERROR_LIBRARY);
        assert_null(plan);
    }
    sg_convolution_engine_destroy(engine);
}

static void test_multiply_adds(void **state)
{
    (void)state;
    static const convolution_geometry geometry = {2, 5, 7, 6, 10, 3, 2, 1, 1, 0, 1, 0, 2};
    sg_convolution_shape shape;
    assert_true(shape_of_geometry(&geometry, false, &shape));
    assert_int_equal(sg_convolution_multiply_adds(&shape), 2 * 5 * 6 * 10 * 3 * 3 * 2);
}

/* A row of three pixels and a kernel of two taps, by hand. */
static void test_reference_numbers(void **state)
{
    (void)state;
    static const convolution_geometry geometry = {1, 1, 3, 1, 1, 1, 2, 1, 0, 1, 0, 0, 1};
    static const double x[] = {1, 2, 3};
    static const double w[] = {10, 100};
    static const double y[] = {1, 10, 100};
    sg_convolution_shape shape;
    double found[3];
    assert_true(shape_of_geometry(&geometry, false, &shape));
    sg_convolution_reference_f64(&shape, SG_FORWARD, 2, x, w, found);
    assert_doubles_near("forward", found, (double[]){200, 420, 640}, 3, 1e-15);
    sg_convolution_reference_f64(&shape, SG_BACKWARD_DATA, 2, y, w, found);
    assert_doubles_near("data", found, (double[]){400, 4000, 20000}, 3, 1e-15);
    sg_convolution_reference_f64(&shape, SG_BACKWARD_WEIGHTS, 2, x, y, found);
    assert_doubles_near("weights", found, (double[]){420, 642}, 2, 1e-15);
}

static double inner_product(const double *a, const float *b, int64_t count)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += a[i] * (double)b[i];
    return sum;
}

/* <forward(x, w), y> = <x, data(y, w)> = <w, weights(x, y)>, with groups and swapped weights. */
static void test_references_are_each_others_adjoints(void **state)
{
    (void)state;
    static const convolution_geometry geometries[] = {
        {2, 5, 7, 6, 9, 3, 2, 2, 1, 0, 2, 1, 3},
        {2, 5, 7, 3, 5, 3, 3, 1, 1, 1, 1, 1, 1},
    };
    for (size_t i = 0; i < COUNT(geometries); i++)
        for (int swapped = 0; swapped < (geometries[i].groups == 1 ? 2 : 1); swapped++) {
            sg_convolution_shape shape;
            convolution_case made;
            assert_true(shape_of_geometry(&geometries[i], swapped, &shape));
            make_convolution_case(&made, &shape, gain, CASE_ALL);
            double by_y = inner_product(made.forward, made.y, count_y(&shape));
            double by_x = inner_product(made.data, made.x, count_x(&shape));
            double by_w = inner_product(made.weights, made.w, count_w(&shape));
            assert_doubles_near(made.name, (double[]){by_x, by_w}, (double[]){by_y, by_y}, 2,
                                1e-12);
            free_convolution_case(&made);
        }
}

/* The references for float, and theirs and the doubles' reading of swapped weights. */
static void test_references_in_float(void **state)
{
    (void)state;
    static const convolution_geometry geometry = {2, 5, 7, 3, 5, 3, 2, 2, 1, 0, 2, 1, 1};
    for (int swapped = 0; swapped < 2; swapped++) {
        sg_convolution_shape shape;
        convolution_case made;
        assert_true(shape_of_geometry(&geometry, swapped, &shape));
        make_convolution_case(&made, &shape, gain, CASE_ALL);
        float *forward = unwritten_floats(count_y(&shape));
        float *data = unwritten_floats(count_x(&shape));
        float *weights = unwritten_floats(count_w(&shape));
        sg_convolution_reference_f32(&shape, SG_FORWARD, gain, made.x, made.w, forward);
        sg_convolution_reference_f32(&shape, SG_BACKWARD_DATA, gain, made.y, made.w, data);
        sg_convolution_reference_f32(&shape, SG_BACKWARD_WEIGHTS, gain, made.x, made.y, weights);
        assert_floats_near(made.name, forward, made.forward, count_y(&shape), 1e-5);
        assert_floats_near(made.name, data, made.data, count_x(&shape), 1e-5);
        assert_floats_near(made.name, weights, made.weights, count_w(&shape), 1e-5);
        free(forward);
        free(data);
        free(weights);
        free_convolution_case(&made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grid_of_shapes),
        cmocka_unit_test(test_larger_shapes_through_both_engines),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_unequal_strides),
        cmocka_unit_test(test_plans_are_kept),
        cmocka_unit_test(test_equal_keys_mean_equal_copies),
        cmocka_unit_test(test_an_output_that_does_not_fit_is_refused),
        cmocka_unit_test(test_multiply_adds),
        cmocka_unit_test(test_reference_numbers),
        cmocka_unit_test(test_references_are_each_others_adjoints),
        cmocka_unit_test(test_references_in_float),
    };
    sg_set_thread_count(2);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
