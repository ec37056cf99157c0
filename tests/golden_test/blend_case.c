/* Blends of a network with one whose parameters follow from it: blending.safetensors. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edit/blend/blend.h"
#include "golden_test/edit_case.h"
#include "golden_test/editing_files.h"
#include "support/filled_network.h"

enum { PICTURES = 2 };

/* Makes the second network of the first: F32(0.8 a + 0.3 (2u - 1)) for every synthesis parameter,
 * u from the stream of its name. */
static void fill_second(sg_generator *generator)
{
    static const char prefix[] = "synthesis.";
    const sg_parameter_set *set = sg_generator_parameters(generator);
    for (size_t i = 0; i < set->count; i++) {
        char name[EDIT_NAME_BYTES];
        const sg_parameter *item = &set->items[i];
        if (!item->trainable || strncmp(item->name, prefix, strlen(prefix)) != 0)
            continue;
        snprintf(name, sizeof name, "blend.%s", item->name + strlen(prefix));
        const size_t count = (size_t)sg_tensor_count(item->tensor);
        double *draws = malloc((count + 1) * sizeof *draws);
        if (draws)
            fill_values(name, 1, 0, count, draws);
        for (size_t k = 0; draws && k < count; k++)
            sg_tensor_set_value(item->tensor, (int64_t)k,
                                (double)(float)(0.8 * sg_tensor_value(item->tensor, (int64_t)k) +
                                                0.3 * (2 * draws[k] - 1)));
        sg_tensor_touch(item->tensor);
        free(draws);
    }
}

/* Reads what a name asks for: "hard16_0", "soft8_1_w1", "swap16", "linear0.35". */
static bool read_rule(const char *name, sg_blend_rule *rule)
{
    *rule = (sg_blend_rule){.kind = SG_BLEND_PUBLISHED, .share = 1};
    if (sscanf(name, "hard%d_%d", &rule->resolution, &rule->level) == 2)
        return true;
    if (sscanf(name, "soft%d_%d_w%lf", &rule->resolution, &rule->level, &rule->width) == 3)
        return true;
    rule->kind = SG_BLEND_PLAIN;
    return sscanf(name, "swap%d", &rule->resolution) == 1 ||
           sscanf(name, "linear%lf", &rule->share) == 1;
}

/* Compares the share of each synthesis parameter. */
static void compare_shares(const edit_case *edit, const sg_blend_rule *rule, const char *name)
{
    const sg_parameter_set *set = sg_generator_parameters(edit->generators[0]);
    double *shares = malloc((set->count + 1) * sizeof *shares);
    size_t count = 0;
    for (size_t i = 0; shares && i < set->count; i++)
        if (set->items[i].trainable && strncmp(set->items[i].name, "synthesis.", 10) == 0)
            shares[count++] = sg_blend_share(rule, edit->generators[0], set->items[i].name);
    edit_compare(edit, name, shares, count);
    free(shares);
}

/* Blends copies of both networks, and compares their pictures. */
static void compare_blend(const edit_case *first, sg_generator *const *second,
                          const sg_blend_rule *rule, const char *name)
{
    edit_case blended = *first;
    sg_error error = {0};
    for (int i = 0; i < 2; i++) {
        blended.generators[i] = generator_in_precision(first->test->context, first->generators[i],
                                                       i == 0 ? SG_F64 : SG_F32);
        if (!blended.generators[i] || sg_blend(rule, blended.generators[i], second[i], &error))
            edit_fail(first, name, &error);
    }
    if (!error.status)
        edit_compare_pictures(&blended, name, first->ws, PICTURES);
    sg_generator_destroy(blended.generators[0]);
    sg_generator_destroy(blended.generators[1]);
}

/* Compares what belongs to a tensor "NAME.img" or "NAME.y". */
static void compare_tensor(const edit_case *first, sg_generator *const *second, const char *name)
{
    sg_blend_rule rule;
    const char *dot = strrchr(name, '.');
    if (strcmp(name, "order_count") == 0) {
        double count = 0;
        const sg_parameter_set *set = sg_generator_parameters(first->generators[0]);
        for (size_t i = 0; i < set->count; i++)
            count += set->items[i].trainable && strncmp(set->items[i].name, "synthesis.", 10) == 0;
        edit_compare(first, name, &count, 1);
    } else if (dot && read_rule(name, &rule) && strcmp(dot, ".y") == 0) {
        compare_shares(first, &rule, name);
    } else if (dot && read_rule(name, &rule) && strcmp(dot, ".img") == 0) {
        compare_blend(first, second, &rule, name);
    } else {
        report_skip(first->test->report, first->test->name, name,
                    "how this tensor was made is not known");
    }
}

void run_blending(golden_case *test)
{
    edit_case first;
    sg_generator *second[2] = {NULL, NULL};
    if (edit_open(test, "all", &first) && first.ws && first.ws_count >= PICTURES) {
        for (int i = 0; i < 2; i++) {
            second[i] = generator_in_precision(test->context, first.generators[i],
                                               i == 0 ? SG_F64 : SG_F32);
            if (second[i])
                fill_second(second[i]);
        }
        edit_case other = first;
        memcpy(other.generators, second, sizeof second);
        edit_compare_pictures(&first, "img_model1", first.ws, PICTURES);
        if (second[0] && second[1])
            edit_compare_pictures(&other, "img_model2", first.ws, PICTURES);
        for (size_t i = 0; second[0] && second[1] && i < sg_safetensors_count(test->expected);
             i++) {
            const char *name = sg_safetensors_at(test->expected, i)->name;
            if (strncmp(name, "img_model", 9) != 0)
                compare_tensor(&first, second, name);
        }
    }
    sg_generator_destroy(second[0]);
    sg_generator_destroy(second[1]);
    edit_close(&first);
}
