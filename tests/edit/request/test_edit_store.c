/* Plans that are made once for equal edits. */
#include "edit/request/edit_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "checkpoint/latents/w_file.h"
#include "edit/directions/direction_file.h"
#include "support/networks.h"
#include "support/temporary_folder.h"

enum { INPUTS = 4, WIDTH = 5 };

static sg_context *context;
static sg_generator *generator;
static char *file;
static sg_edit_store *store;

static void write_direction(double value)
{
    char name[] = "smile";
    double values[WIDTH] = {value};
    const sg_direction direction =
        SG_DIRECTION(.name = name, .values = values, .rows = 1, .width = WIDTH);
    sg_direction_set set = {0};
    assert_int_equal(sg_direction_set_add(&set, &direction, NULL), SG_OK);
    assert_int_equal(sg_direction_file_write(file, &set, NULL), SG_OK);
    sg_direction_set_clear(&set);
}

static int setup(void **state)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 2);
    context = sg_context_create(1);
    generator = tiny_generator(context, &config, SG_F32, 1);
    if (temporary_folder_setup(state) || sg_edit_store_create(generator, &store, NULL))
        return -1;
    file = temporary_path(state, "directions.npz");
    write_direction(1);
    return 0;
}

static int teardown(void **state)
{
    free(file);
    sg_edit_store_destroy(store);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
    return temporary_folder_teardown(state);
}

static sg_edit_list list_of(const char *text)
{
    return (sg_edit_list){.texts = {text}, .count = 1};
}

static const sg_edit_plan *find(sg_edit_request request, int class_index)
{
    const sg_edit_plan *plan = NULL;
    sg_error error = {0};
    if (sg_edit_store_find(store, &request, (sg_style_label){class_index, NULL}, &plan, &error))
        print_error("%s\n", error.message);
    return plan;
}

/* How far the plan moves the first number of w. */
static double step_of(const sg_edit_plan *plan)
{
    double ws[INPUTS * WIDTH] = {0};
    sg_edit_move(plan, 1, ws);
    return ws[0];
}

static void equal_edits_have_one_plan(void **state)
{
    (void)state;
    char other[] = "smile=2"; /* equal texts at other places */
    const sg_edit_request request = {.directions = file, .moves = list_of("smile=2")};
    const sg_edit_plan *plan = find(request, 0);
    assert_non_null(plan);
    assert_ptr_equal(find(request, 0), plan);
    assert_ptr_equal(find((sg_edit_request){.directions = file, .moves = list_of(other)}, 0), plan);
    assert_ptr_not_equal(find(request, 1), plan);
    assert_ptr_not_equal(
        find((sg_edit_request){.directions = file, .moves = list_of("smile=3")}, 0), plan);
    assert_ptr_not_equal(
        find((sg_edit_request){.directions = file, .moves = list_of("smile=2"), .clamp = 2}, 0),
        plan);
    assert_null(find((sg_edit_request){.directions = file}, 0));
    assert_ptr_equal(find(request, 0), plan);
}

/* A file that is gone stays read, for other moves too; one that changed is read again. */
static void files_are_read_once(void **state)
{
    (void)state;
    const sg_edit_request request = {.directions = file, .moves = list_of("smile=2")};
    assert_true(step_of(find(request, 0)) == 2);
    write_direction(-1);
    assert_true(step_of(find(request, 0)) == -2);
    assert_int_equal(remove(file), 0);
    assert_true(step_of(find(request, 0)) == -2);
    assert_true(
        step_of(find((sg_edit_request){.directions = file, .moves = list_of("smile=3")}, 0)) == -3);
    sg_edit_store_destroy(store);
    assert_int_equal(sg_edit_store_create(generator, &store, NULL), SG_OK);
    assert_null(find(request, 0)); /* which was never read */
}

static void files_of_w_are_read_once(void **state)
{
    float values[INPUTS * WIDTH] = {1};
    size_t count = 0;
    char *path = temporary_path(state, "a.npz");
    char sum[1100];
    assert_int_equal(sg_w_file_write(path, values, 1, INPUTS, WIDTH, NULL), SG_OK);
    snprintf(sum, sizeof sum, "2*%s", path);
    const sg_edit_plan *plan = find((sg_edit_request){.sum = sum}, 0);
    assert_ptr_equal(find((sg_edit_request){.sum = sum}, 0), plan);
    assert_true(sg_edit_plan_sum(plan, &count)[0].values[0] == 1);
    values[0] = 5;
    assert_int_equal(sg_w_file_write(path, values, 1, INPUTS, WIDTH, NULL), SG_OK);
    plan = find((sg_edit_request){.sum = sum}, 0);
    assert_true(sg_edit_plan_sum(plan, &count)[0].values[0] == 5);
    assert_int_equal(remove(path), 0);
    assert_ptr_equal(find((sg_edit_request){.sum = sum}, 0), plan);
    free(path);
}

/* Clusters of equal number and label are found once, whatever else is edited. */
static void clusters_are_shared(void **state)
{
    (void)state;
    enum { AGAIN = 40 };
    char moves[AGAIN][24];
    double a[INPUTS * WIDTH] = {0};
    double b[INPUTS * WIDTH] = {0};
    const double base[INPUTS * WIDTH] = {0};
    const double started = sg_clock_seconds();
    sg_edit_truncate(find((sg_edit_request){.centers = 60, .clamp = 2}, 1), base, 0.5, -1, a);
    const double once = sg_clock_seconds() - started;
    for (int i = 0; i < AGAIN; i++) {
        snprintf(moves[i], sizeof moves[i], "smile=%d", i);
        memset(b, 0, sizeof b);
        sg_edit_truncate(find((sg_edit_request){.directions = file,
                                                .moves = list_of(moves[i]),
                                                .centers = 60,
                                                .clamp = 2},
                              1),
                         base, 0.5, -1, b);
        assert_memory_equal(a, b, sizeof a);
    }
    assert_true(sg_clock_seconds() - started < once * AGAIN / 2);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(equal_edits_have_one_plan),
        IN_FOLDER(files_are_read_once),
        IN_FOLDER(files_of_w_are_read_once),
        IN_FOLDER(clusters_are_shared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
