/* The moves and style shifts of a plan; see plan_parts.h. Tested by: tests/cli/test_edit.c */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "edit/request/plan_parts.h"
#include "edit/vectors.h"

/* Notes an edit that strips and films vary. */
static void note_name(sg_edit_plan *plan, const sg_edit_item *item)
{
    plan->named++;
    plan->amount = item->amount;
    snprintf(plan->name, sizeof plan->name, "%s", item->name);
}

/* ---- shifts of styles ---- */

/* Adds a shift of a style by its layer's name; opens the StyleSpace. */
static sg_status add_shift(sg_edit_plan *plan, const char *layer, int64_t channel, double amount,
                           sg_error *error)
{
    if (plan->space.count == 0)
        SG_TRY(sg_style_space_open(plan->generator, &plan->space, error));
    const sg_style_layer *found = sg_style_layer_find(&plan->space, layer, error);
    if (!found)
        return SG_ERROR_ARGUMENT;
    if (channel < 0 || channel >= (int64_t)found->channels)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "channel %lld of layer \"%s\" is asked for, but its %zu are numbered from 0",
                       (long long)channel, layer, found->channels);
    if (!sg_grow(&plan->shifts, &plan->shift_capacity, plan->shift_count, sizeof *plan->shifts) ||
        !sg_grow(&plan->amounts, &plan->amount_capacity, plan->shift_count, sizeof *plan->amounts))
        return sg_fail_memory(error, "shifts of styles");
    plan->shifts[plan->shift_count] =
        (sg_style_shift){.layer = (size_t)(found - plan->space.layers), .channel = (size_t)channel};
    plan->amounts[plan->shift_count++] = amount;
    return SG_OK;
}

/* Reads "LAYER:CHANNEL", and puts a zero at the colon. */
static sg_status read_channel(char *name, int64_t *channel, sg_error *error)
{
    char *colon = strrchr(name, ':');
    char *end = NULL;
    *channel = colon ? strtoll(colon + 1, &end, 10) : 0;
    if (!colon || colon == name || end == colon + 1 || *end != '\0')
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"style\" takes LAYER:CHANNEL=AMOUNT, such as b16.conv1:45=3, not "
                       "\"%s=...\"",
                       name);
    *colon = '\0';
    return SG_OK;
}

static sg_status add_style(sg_edit_plan *plan, sg_edit_item *item, const sg_moments *moments,
                           sg_error *error)
{
    int64_t channel = 0;
    note_name(plan, item);
    if (item->layers[0] != '\0')
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"style\": \"%s\" names its layer already, so no @%s may follow",
                       item->name, item->layers);
    SG_TRY(read_channel(item->name, &channel, error));
    SG_TRY(add_shift(plan, item->name, channel, item->amount, error));
    const sg_style_shift *shift = &plan->shifts[plan->shift_count - 1];
    plan->amounts[plan->shift_count - 1] *=
        moments->deviation[plan->space.layers[shift->layer].first + shift->channel];
    return SG_OK;
}

sg_status sg_plan_styles(sg_edit_plan *plan, const sg_edit_request *request, sg_style_label label,
                         sg_error *error)
{
    size_t count = 0;
    sg_moments moments = {0};
    if (sg_edit_list_is_empty(&request->styles))
        return SG_OK;
    sg_edit_item *items = sg_allocate(SG_MOST_EDITS, sizeof *items);
    sg_status status = items ? sg_edit_list_read(&request->styles, "style", items, &count, error)
                             : sg_fail_memory(error, "styles");
    if (!status && plan->space.count == 0)
        status = sg_style_space_open(plan->generator, &plan->space, error);
    if (!status)
        status = sg_style_moments(&plan->space, SG_STYLE_SEED, SG_STYLE_CODES, label, SG_STYLE_PSI,
                                  &moments, error);
    for (size_t i = 0; i < count && !status; i++)
        status = add_style(plan, &items[i], &moments, error);
    sg_moments_clear(&moments);
    free(items);
    return status;
}

/* ---- moves of w ---- */

/* Fails unless the direction's values fit the network. */
static sg_status check_size(const sg_edit_plan *plan, const sg_direction *direction,
                            sg_error *error)
{
    if (direction->values && direction->width != plan->width)
        return sg_fail(error, SG_ERROR_SHAPE,
                       "the direction \"%s\" has %zu numbers, but a w of the network has %zu",
                       direction->name, direction->width, plan->width);
    if (direction->values && direction->rows != 1 && direction->rows != plan->inputs)
        return sg_fail(error, SG_ERROR_SHAPE,
                       "the direction \"%s\" is for %zu inputs, but the network has %zu",
                       direction->name, direction->rows, plan->inputs);
    return SG_OK;
}

/* True if inputs have values of their own: a file of which one direction has them repeats those of
 * the others. */
static bool is_layered(const sg_direction *direction)
{
    const size_t width = direction->width;
    for (size_t r = 1; r < direction->rows; r++)
        if (memcmp(direction->values + r * width, direction->values,
                   width * sizeof *direction->values) != 0)
            return true;
    return false;
}

/* Copies the direction's values times `factor` to [inputs, width] or, `single`, to [width]. */
static void spread(const sg_edit_plan *plan, const sg_direction *direction, bool single,
                   double factor, double *to)
{
    const size_t count = (single ? 1 : plan->inputs) * plan->width;
    for (size_t i = 0; i < count; i++)
        to[i] = factor * direction->values[direction->rows == 1 ? i % plan->width : i];
}

/* Chooses the inputs of a move: those asked for, otherwise the direction's own. */
static sg_status choose_inputs(const sg_edit_plan *plan, const sg_edit_item *item,
                               sg_plan_move *move, sg_error *error)
{
    SG_TRY(sg_edit_layers_read(item, "move", plan->inputs, move->chosen, error));
    const sg_direction *direction = move->direction;
    for (size_t i = 0; item->layers[0] == '\0' && i < plan->inputs; i++)
        move->chosen[i] = (int)i >= direction->first &&
                          (direction->last == SG_ALL_LAYERS || (int)i <= direction->last);
    return SG_OK;
}

static sg_status add_move(sg_edit_plan *plan, const sg_edit_item *item,
                          const sg_direction_set *directions, sg_error *error)
{
    const sg_direction *direction = sg_direction_find(directions, item->name, error);
    if (!direction)
        return SG_ERROR_ARGUMENT;
    SG_TRY(check_size(plan, direction, error));
    note_name(plan, item);
    for (size_t i = 0; i < direction->channel_count; i++)
        SG_TRY(add_shift(plan, direction->channels[i].layer, direction->channels[i].channel,
                         item->amount * direction->channels[i].step, error));
    if (!direction->values)
        return SG_OK;
    sg_plan_move *move = &plan->moves[plan->move_count++];
    *move = (sg_plan_move){.direction = direction,
                           .layered = is_layered(direction),
                           .amount = item->amount,
                           .chosen = sg_allocate(plan->inputs, sizeof *move->chosen),
                           .step = sg_allocate(plan->inputs * plan->width, sizeof *move->step)};
    if (!move->chosen || !move->step)
        return sg_fail_memory(error, "a move");
    spread(plan, direction, !move->layered, direction->sigma, move->step);
    return choose_inputs(plan, item, move, error);
}

/* ---- moves that do not disturb ---- */

/* Directions that a move must leave alone: first those of moves, then those to keep. */
typedef struct undisturbed {
    const sg_direction *directions[2 * SG_MOST_EDITS];
    size_t moved, count;
} undisturbed;

/* Appends a direction that is not there yet. */
static void append_other(undisturbed *others, const sg_direction *direction)
{
    for (size_t i = 0; i < others->count; i++)
        if (others->directions[i] == direction)
            return;
    if (direction->values && others->count < 2 * SG_MOST_EDITS)
        others->directions[others->count++] = direction;
}

static sg_status list_kept(const sg_edit_plan *plan, const char *names,
                           const sg_direction_set *directions, undisturbed *others, sg_error *error)
{
    for (const char *at = names; at && *at;) {
        char name[SG_EDIT_TEXT_BYTES];
        const size_t length = strcspn(at, ",");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        const sg_direction *direction = sg_direction_find(directions, name, error);
        if (!direction)
            return SG_ERROR_ARGUMENT;
        SG_TRY(check_size(plan, direction, error));
        append_other(others, direction);
        at += length + (at[length] == ',');
    }
    return SG_OK;
}

/* Conditions a move on all others; rows of its own for every input if any direction has them. */
static sg_status condition(const sg_edit_plan *plan, sg_plan_move *move, const undisturbed *others,
                           double *rows, sg_error *error)
{
    sg_error own = {0};
    bool layered = move->layered;
    size_t count = 0;
    for (size_t i = 0; i < others->count; i++)
        layered = layered || is_layered(others->directions[i]);
    const size_t width = (layered ? plan->inputs : 1) * plan->width;
    for (size_t i = 0; i < others->count; i++)
        if (others->directions[i] != move->direction)
            spread(plan, others->directions[i], !layered, 1, rows + count++ * width);
    spread(plan, move->direction, !layered, move->direction->sigma, move->step);
    move->layered = layered;
    const double length = sg_length(move->step, width);
    const sg_status status = sg_condition(move->step, rows, count, width, move->step, &own);
    for (size_t i = 0; i < width && !status; i++)
        move->step[i] *= length;
    return status
               ? sg_fail(error, status, "the move \"%s\": %s", move->direction->name, own.message)
               : SG_OK;
}

static sg_status condition_all(sg_edit_plan *plan, const sg_edit_request *request,
                               const sg_direction_set *directions, sg_error *error)
{
    undisturbed others = {.count = 0};
    for (size_t i = 0; request->orthogonal && i < plan->move_count; i++)
        append_other(&others, plan->moves[i].direction);
    SG_TRY(list_kept(plan, request->keep, directions, &others, error));
    if (others.count == 0)
        return SG_OK;
    double *rows = sg_allocate(others.count * plan->inputs * plan->width, sizeof *rows);
    sg_status status = rows ? SG_OK : sg_fail_memory(error, "%zu directions", others.count);
    for (size_t i = 0; i < plan->move_count && !status; i++)
        status = condition(plan, &plan->moves[i], &others, rows, error);
    free(rows);
    return status;
}

sg_status sg_plan_moves(sg_edit_plan *plan, const sg_edit_request *request,
                        const sg_direction_set *directions, sg_error *error)
{
    if (sg_edit_list_is_empty(&request->moves))
        return SG_OK;
    if (!directions)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"move\" needs \"directions\", the file that names what can be moved");
    size_t count = 0;
    plan->from_boundary = request->from_boundary;
    sg_edit_item *items = sg_allocate(SG_MOST_EDITS, sizeof *items);
    plan->moves = sg_allocate(SG_MOST_EDITS, sizeof *plan->moves);
    sg_status status = items && plan->moves
                           ? sg_edit_list_read(&request->moves, "move", items, &count, error)
                           : sg_fail_memory(error, "moves");
    for (size_t i = 0; i < count && !status; i++)
        status = add_move(plan, &items[i], directions, error);
    free(items);
    return status ? status : condition_all(plan, request, directions, error);
}
