/* Plans of edits: what they do to w and styles, and what they refuse. */
#include "edit/request/edit_plan.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "edit/directions/direction_file.h"
#include "edit/vectors.h"
#include "support/networks.h"
#include "support/temporary_folder.h"

enum { INPUTS = 4, WIDTH = 5, NUMBERS = INPUTS * WIDTH };

static sg_context *context;
static sg_generator *generator;
static char *file;

/* Two directions that share an axis, one for each input, and one through StyleSpace. */
static void write_directions(void)
{
    double smile[WIDTH] = {0.6, 0.8};
    double age[WIDTH] = {1};
    double layered[NUMBERS] = {0};
    char names[][10] = {"smile", "age", "layered", "channel", "twin", "still"};
    double zeros[WIDTH] = {0};
    sg_style_channel channel = {"b8.conv0", 1, 0.5};
    layered[WIDTH] = 1;
    const sg_direction directions[] = {
        SG_DIRECTION(.name = names[0], .values = smile, .rows = 1, .width = WIDTH),
        {.name = names[1],
         .values = age,
         .rows = 1,
         .width = WIDTH,
         .sigma = 3,
         .first = 1,
         .last = 2},
        SG_DIRECTION(.name = names[2], .values = layered, .rows = INPUTS, .width = WIDTH),
        SG_DIRECTION(.name = names[3], .channels = &channel, .channel_count = 1),
        SG_DIRECTION(.name = names[4], .values = smile, .rows = 1, .width = WIDTH),
        SG_DIRECTION(.name = names[5], .values = zeros, .rows = 1, .width = WIDTH)};
    sg_direction_set set = {0};
    for (int i = 0; i < 6; i++)
        assert_int_equal(sg_direction_set_add(&set, &directions[i], NULL), SG_OK);
    assert_int_equal(sg_direction_file_write(file, &set, NULL), SG_OK);
    sg_direction_set_clear(&set);
}

static int setup(void **state)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    context = sg_context_create(1);
    generator = tiny_generator(context, &config, SG_F32, 1);
    if (temporary_folder_setup(state))
        return -1;
    file = temporary_path(state, "directions.safetensors");
    write_directions();
    return 0;
}

static int teardown(void **state)
{
    free(file);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
    return temporary_folder_teardown(state);
}

static sg_edit_plan *make_plan(sg_edit_request request)
{
    sg_edit_plan *plan = NULL;
    sg_error error = {0};
    request.directions = file;
    if (sg_edit_plan_make(&request, generator, (sg_style_label){0}, &plan, &error))
        print_error("%s\n", error.message);
    assert_non_null(plan);
    return plan;
}

static sg_edit_list list_of(const char *text)
{
    return (sg_edit_list){.texts = {text}, .count = 1};
}

static void nothing_asked_for_is_no_plan(void **state)
{
    (void)state;
    sg_edit_plan *plan = NULL;
    const sg_edit_request request = {.directions = file};
    assert_int_equal(sg_edit_plan_make(&request, generator, (sg_style_label){0}, &plan, NULL),
                     SG_OK);
    assert_null(plan);
}

static void moves_have_layers_and_sigmas(void **state)
{
    (void)state;
    double ws[NUMBERS] = {0};
    const char *name = NULL;
    sg_edit_plan *plan =
        make_plan((sg_edit_request){.moves = list_of("smile=10@0,3;age=2;layered=-1")});
    sg_edit_move(plan, 0.5, ws);
    assert_true(fabs(ws[1] - 4) < 1e-6 && fabs(ws[3 * WIDTH] - 3) < 1e-6);
    assert_true(fabs(ws[WIDTH] - 2.5) < 1e-6); /* age by its sigma, minus layered */
    assert_true(fabs(ws[2 * WIDTH] - 3) < 1e-6);
    assert_true(ws[WIDTH + 1] == 0);
    sg_edit_plan_single(plan, &name);
    assert_null(name);
    assert_string_equal(sg_edit_plan_text(plan), "move smile=10@0,3;age=2;layered=-1");
    sg_edit_plan_destroy(plan);
}

/* A conditioned move keeps its length, and leaves the other's score. */
static void moves_leave_others_alone(void **state)
{
    (void)state;
    const double age[WIDTH] = {1};
    const sg_edit_request requests[] = {{.moves = list_of("smile=2"), .keep = "age"},
                                        {.moves = list_of("smile=2;age=0"), .orthogonal = true}};
    for (int i = 0; i < 2; i++) {
        double ws[NUMBERS] = {0};
        sg_edit_plan *plan = make_plan(requests[i]);
        sg_edit_move(plan, 1, ws);
        assert_true(fabs(sg_dot(ws, age, WIDTH)) < 1e-9);
        assert_true(fabs(sg_length(ws, WIDTH) - 2) < 1e-6);
        sg_edit_plan_destroy(plan);
    }
}

static void amounts_may_be_distances(void **state)
{
    (void)state;
    double ws[NUMBERS];
    sg_edit_plan *plan =
        make_plan((sg_edit_request){.moves = list_of("smile=3"), .from_boundary = true});
    for (int i = 0; i < NUMBERS; i++)
        ws[i] = i % WIDTH; /* a single code */
    sg_edit_move(plan, 1, ws);
    assert_true(fabs(0.6 * ws[0] + 0.8 * ws[1] - 3) < 1e-6);
    sg_edit_plan_destroy(plan);
    plan = make_plan((sg_edit_request){.moves = list_of("still=3"), .from_boundary = true});
    for (int i = 0; i < NUMBERS; i++)
        ws[i] = i % WIDTH;
    sg_edit_move(plan, 1, ws); /* no boundary is across a direction of zeros */
    assert_true(ws[0] == 0 && ws[1] == 1);
    sg_edit_plan_destroy(plan);
}

static void styles_are_shifted_and_restored(void **state)
{
    (void)state;
    const sg_parameter *bias =
        sg_parameter_find(sg_generator_parameters(generator), "synthesis.b8.conv0.affine.bias");
    const double before = sg_tensor_value(bias->tensor, 1);
    sg_edit_plan *plan = make_plan(
        (sg_edit_request){.moves = list_of("channel=4"), .styles = list_of("b8.conv0:1=-2")});
    assert_true(sg_edit_plan_shifts(plan));
    sg_edit_shift_begin(plan, 0.5);
    const double during = sg_tensor_value(bias->tensor, 1);
    sg_edit_shift_end(plan);
    assert_true(during < before + 1 && during != before); /* 0.5 * (4 * 0.5 - 2 deviations) */
    assert_true(sg_tensor_value(bias->tensor, 1) == before);
    sg_edit_plan_destroy(plan);
}

static void truncations_come_in_their_order(void **state)
{
    (void)state;
    const double base[NUMBERS] = {0};
    double ws[NUMBERS];
    sg_edit_plan *plan = make_plan((sg_edit_request){.psis = list_of("0=0;1-2=2"), .radius = 1000});
    assert_true(sg_edit_plan_truncates(plan));
    for (int i = 0; i < NUMBERS; i++)
        ws[i] = 1;
    sg_edit_truncate(plan, base, 0.5, -1, ws);
    assert_true(ws[0] == 0 && fabs(ws[WIDTH] - 2) < 1e-3 && fabs(ws[3 * WIDTH] - 0.5) < 1e-3);
    sg_edit_plan_destroy(plan);
}

/* At psi 0 every w becomes one of the centers. */
static void centers_are_few(void **state)
{
    (void)state;
    const double base[NUMBERS] = {0};
    double ws[2][NUMBERS];
    sg_edit_plan *plan = make_plan((sg_edit_request){.centers = 1, .clamp = 3});
    for (int i = 0; i < NUMBERS; i++) {
        ws[0][i] = 1;
        ws[1][i] = -1;
    }
    sg_edit_truncate(plan, base, 0, -1, ws[0]);
    sg_edit_truncate(plan, base, 0, -1, ws[1]);
    assert_memory_equal(ws[0], ws[1], sizeof ws[0]);
    sg_edit_plan_destroy(plan);
}

static void assert_refused(sg_edit_request request, const char *part)
{
    sg_edit_plan *plan = NULL;
    sg_error error = {0};
    assert_int_not_equal(sg_edit_plan_make(&request, generator, (sg_style_label){0}, &plan, &error),
                         SG_OK);
    assert_null(plan);
    if (!strstr(error.message, part))
        print_error("%s\n", error.message);
    assert_non_null(strstr(error.message, part));
}

static void mistakes_are_sentences(void **state)
{
    (void)state;
    assert_refused((sg_edit_request){.moves = list_of("smile=1")}, "\"move\" needs \"directions\"");
    assert_refused((sg_edit_request){.directions = "absent.npz", .moves = list_of("smile=1")},
                   "absent.npz");
    assert_refused((sg_edit_request){.directions = file, .moves = list_of("smlie=1")},
                   "did you mean \"smile\"?");
    assert_refused((sg_edit_request){.directions = file, .moves = list_of("smile=1@4")},
                   "the network has 4 inputs");
    assert_refused(
        (sg_edit_request){.directions = file, .moves = list_of("smile=1"), .keep = "gone"},
        "no direction is named \"gone\"");
    assert_refused((sg_edit_request){.directions = file,
                                     .moves = list_of("age=1;smile=1"),
                                     .keep = "age,twin"},
                   "the move \"smile\": nothing is left");
    assert_refused((sg_edit_request){.styles = list_of("b8.conv0=1")}, "takes LAYER:CHANNEL");
    assert_refused((sg_edit_request){.styles = list_of("b8.conv0:99=1")}, "channel 99");
    assert_refused((sg_edit_request){.styles = list_of("b8.conv0:-1=1")}, "channel -1");
    assert_refused((sg_edit_request){.styles = list_of("b9.conv0:1=1")}, "no layer \"b9.conv0\"");
    assert_refused((sg_edit_request){.styles = list_of("b8.conv0:1=1@2")}, "names its layer");
    assert_refused((sg_edit_request){.psis = list_of("0-9=1")}, "4 inputs");
    assert_refused((sg_edit_request){.psis = list_of("0=1@2")}, "takes LAYERS=PSI");
    assert_refused((sg_edit_request){.mixes = list_of("nobody=1")}, "\"nobody\" is no w");
    assert_refused((sg_edit_request){.sum = "1 2"}, "a plus or a minus");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_asked_for_is_no_plan),
        cmocka_unit_test(moves_have_layers_and_sigmas),
        cmocka_unit_test(moves_leave_others_alone),
        cmocka_unit_test(amounts_may_be_distances),
        cmocka_unit_test(styles_are_shifted_and_restored),
        cmocka_unit_test(truncations_come_in_their_order),
        cmocka_unit_test(centers_are_few),
        cmocka_unit_test(mistakes_are_sentences),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
