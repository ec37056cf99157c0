/* Ranger's steps; see encoder_case.h. The sizes and the steps that are compared follow from the
 * file. */
#include <stdio.h>
#include <string.h>

#include "golden_test/editing_files.h"
#include "golden_test/encoder_case.h"
#include "ops/layout.h"
#include "optim/optimiser.h"

enum { NAME_BYTES = 100, MOST_TENSORS = 16, MOST_STEPS = 10000 };

static const double tolerance = 1e-9;

/* Adds the tensors ranger.pN.start; false when there is none. */
static bool add_tensors(golden_case *test, sg_parameter_set *set)
{
    for (int i = 0; i < MOST_TENSORS; i++) {
        char name[NAME_BYTES];
        snprintf(name, sizeof name, "ranger.p%d.start", i);
        if (!case_has(test, name))
            break;
        const sg_tensor *start = case_tensor(test, name);
        sg_tensor *tensor =
            start ? sg_parameter_add(set, "", name, start->shape, true, SG_ZEROS) : NULL;
        for (int64_t k = 0; tensor && k < sg_tensor_count(tensor); k++)
            sg_tensor_set_value(tensor, k, sg_tensor_value(start, k));
    }
    return set->count > 0 && !test->context->error.status;
}

static void compare_tensors(golden_case *test, const sg_parameter_set *set, int step)
{
    for (size_t i = 0; i < set->count; i++) {
        char name[NAME_BYTES];
        snprintf(name, sizeof name, "ranger.p%zu.after%d", i, step);
        if (case_has(test, name))
            case_compare(test, name, name, set->items[i].tensor, tolerance);
    }
}

/* Takes steps with ranger.gN.STEP as long as there are some. */
static void replay(golden_case *test, const sg_parameter_set *set, sg_optimiser *optimiser)
{
    for (int step = 0; step < MOST_STEPS; step++) {
        char name[NAME_BYTES];
        sg_tensor *gradients[MOST_TENSORS];
        const size_t scope = sg_scope_open(test->context);
        snprintf(name, sizeof name, "ranger.g0.%02d", step);
        if (!case_has(test, name))
            break;
        for (size_t i = 0; i < set->count; i++) {
            snprintf(name, sizeof name, "ranger.g%zu.%02d", i, step);
            gradients[i] = tensor_in_precision(test->context, case_tensor(test, name), SG_F64);
        }
        sg_optimiser_step(optimiser, gradients);
        sg_scope_close(test->context, scope, NULL);
        compare_tensors(test, set, step + 1);
    }
}

void run_ranger(golden_case *test)
{
    sg_parameter_set set;
    const size_t scope = sg_scope_open(test->context);
    if (!case_has(test, "ranger.p0.start"))
        return;
    sg_parameter_set_init(&set, test->context, SG_F64, 0);
    const bool added = add_tensors(test, &set);
    sg_optimiser *optimiser = sg_optimiser_create(
        &set, (sg_optimiser_options){
                  .kind = SG_RANGER, .rate = 0.01, .beta1 = 0.95, .beta2 = 0.999, .epsilon = 1e-5});
    if (added && optimiser)
        replay(test, &set, optimiser);
    else
        case_fail(test, "ranger");
    sg_optimiser_destroy(optimiser);
    sg_parameter_set_clear(&set);
    sg_scope_close(test->context, scope, NULL);
}
