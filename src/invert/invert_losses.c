/* Weights of losses by name; see invert_losses.h. */
#include "invert/invert_losses.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

enum { NAME_BYTES = 40, LIST_BYTES = 120 };

bool sg_invert_weights_are_empty(const sg_invert_weights *weights)
{
    for (int i = 0; i < SG_INVERT_LOSS_COUNT; i++)
        if (weights->of[i] != 0)
            return false;
    return true;
}

sg_invert_weights sg_invert_weights_default(const sg_invert_networks *networks)
{
    sg_invert_weights weights = {{0}};
    if (networks->lpips) {
        weights.of[SG_INVERT_LPIPS] = 1;
        return weights;
    }
    weights.of[SG_INVERT_PYRAMID] = 1;
    weights.of[SG_INVERT_DISCRIMINATOR] = networks->discriminator ? 1 : 0;
    return weights;
}

/* Reads one "NAME=WEIGHT" of `length` bytes. */
static sg_status parse_item(const char *text, size_t length, sg_invert_weights *weights,
                            bool seen[SG_INVERT_LOSS_COUNT], sg_error *error)
{
    char item[NAME_BYTES];
    char list[LIST_BYTES];
    char *end = NULL;
    if (length >= sizeof item)
        return sg_fail(error, SG_ERROR_ARGUMENT, "takes NAME=WEIGHT, not \"%.*s\"", (int)length,
                       text);
    memcpy(item, text, length);
    item[length] = '\0';
    char *equals = strchr(item, '=');
    if (equals)
        *equals = '\0';
    const int loss = sg_choice_find(&sg_invert_loss_choices, item);
    if (loss < 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "names the loss \"%s\", but must name %s", item,
                       sg_choice_list(&sg_invert_loss_choices, list, sizeof list));
    if (seen[loss])
        return sg_fail(error, SG_ERROR_ARGUMENT, "names the loss \"%s\" twice", item);
    const double weight = equals ? strtod(equals + 1, &end) : 1;
    if (equals && (end == equals + 1 || *end != '\0' || !(weight >= 0 && weight <= 1e6)))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "gives \"%s\" the weight \"%s\", but weights are numbers from 0 to 1e6",
                       item, equals + 1);
    seen[loss] = true;
    weights->of[loss] = weight;
    return SG_OK;
}

sg_status sg_invert_weights_parse(const char *text, sg_invert_weights *weights, sg_error *error)
{
    bool seen[SG_INVERT_LOSS_COUNT] = {false};
    *weights = (sg_invert_weights){{0}};
    while (true) {
        const size_t length = strcspn(text, ",");
        SG_TRY(parse_item(text, length, weights, seen, error));
        text += length;
        if (*text++ == '\0')
            break;
    }
    return sg_invert_weights_are_empty(weights)
               ? sg_fail(error, SG_ERROR_ARGUMENT, "gives every loss the weight 0")
               : SG_OK;
}
