/* Shares of layers, and the blend; see blend.h. */
#include "edit/blend/blend.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { NO_POSITION = -1, POSITIONS = 2 /* of a resolution */ };

static const char *const kind_names[] = {"published", "plain"};
const sg_choices sg_blend_kinds = SG_CHOICES(kind_names);

/* Returns log2(resolution / 4). */
static double doublings(int resolution)
{
    return log2(resolution / 4.0);
}

/* Parts of blocks that the published rule knows, and their position in the resolution. */
static const struct {
    const char *name;
    int position;
} parts[] = {{"const", 0}, {"conv0.", 0}, {"conv1.", 1}, {"torgb.", 1}};

/* Returns the position of a parameter under the published rule; NO_POSITION if it has none. */
static int published_position(const char *name)
{
    int resolution = 0;
    int used = 0;
    if (sscanf(name, "synthesis.b%d.%n", &resolution, &used) != 1 || used == 0 || resolution < 4)
        return NO_POSITION;
    const char *part = name + used;
    if (resolution == 4 && sg_has_prefix(part, "conv1."))
        return NO_POSITION;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (sg_has_prefix(part, parts[i].name))
            return POSITIONS * (int)lround(doublings(resolution)) + parts[i].position;
    return NO_POSITION;
}

/* Returns the resolution of the block or layer of a synthesis parameter. */
static int resolution_of(const sg_generator *generator, const char *name)
{
    int number = 0;
    if (sscanf(name, "synthesis.b%d.", &number) == 1)
        return number;
    if (sscanf(name, "synthesis.L%d_", &number) == 1 && number >= 0 &&
        number + 1 < sg_generator_num_ws(generator))
        return sg_generator_style_resolution(generator, number + 1);
    return sg_generator_style_resolution(generator, 0);
}

static double soft(double x, double width)
{
    return 1 / (1 + exp(-x / width));
}

double sg_blend_share(const sg_blend_rule *rule, const sg_generator *generator, const char *name)
{
    if (!sg_has_prefix(name, "synthesis."))
        return 0;
    if (rule->resolution == 0)
        return rule->share;
    if (rule->kind == SG_BLEND_PLAIN) {
        const double x = doublings(resolution_of(generator, name)) - doublings(rule->resolution);
        return rule->share * (rule->width > 0 ? soft(x + 0.5, rule->width) : x >= 0);
    }
    const int position = published_position(name);
    const int at = POSITIONS * (int)lround(doublings(rule->resolution)) + rule->level;
    if (position == NO_POSITION)
        return 0;
    return rule->share * (rule->width > 0 ? soft(position - at, rule->width) : position - at > 1);
}

/* Fails where the published rule knows none of the network's layers. */
static sg_status check_rule(const sg_blend_rule *rule, const sg_generator *generator,
                            sg_error *error)
{
    const int largest = sg_generator_config_of(generator)->img_resolution;
    const int at = rule->resolution;
    if (at != 0 && (at < 4 || at > largest || (at & (at - 1)) != 0))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"at\" is %d, but must be a power of two from 4 to %d, the network's "
                       "resolution",
                       at, largest);
    if (rule->kind == SG_BLEND_PLAIN || at == 0)
        return SG_OK;
    const sg_parameter_set *set = sg_generator_parameters((sg_generator *)generator);
    for (size_t i = 0; i < set->count; i++)
        if (published_position(set->items[i].name) != NO_POSITION)
            return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "the published rule knows the layers of StyleGAN2 and StyleGAN alone: for this "
                   "network, \"rule\" must be \"plain\"");
}

/* Finds the tensor of the second network for each parameter of the first. */
static sg_status find_partner(const sg_parameter *item, const sg_parameter_set *others,
                              sg_tensor **partner, sg_error *error)
{
    char mine[160];
    char theirs[160];
    const sg_parameter *other = sg_parameter_find(others, item->name);
    if (!other)
        return sg_fail(error, SG_ERROR_SHAPE, "the second network has no %s", item->name);
    if (!sg_shape_equal(&item->tensor->shape, &other->tensor->shape))
        return sg_fail(error, SG_ERROR_SHAPE, "%s is %s in the first network, and %s in the second",
                       item->name, sg_shape_print(&item->tensor->shape, mine),
                       sg_shape_print(&other->tensor->shape, theirs));
    *partner = other->tensor;
    return SG_OK;
}

/* A share of 0 or 1 keeps the bits of a network. */
static void blend_tensor(sg_tensor *first, const sg_tensor *second, double share)
{
    for (int64_t i = 0; share != 0 && i < sg_tensor_count(first); i++) {
        const double b = sg_tensor_value(second, i);
        sg_tensor_set_value(first, i,
                            share == 1 ? b : share * b + (1 - share) * sg_tensor_value(first, i));
    }
    sg_tensor_touch(first);
}

sg_status sg_blend(const sg_blend_rule *rule, sg_generator *first, sg_generator *second,
                   sg_error *error)
{
    const sg_parameter_set *set = sg_generator_parameters(first);
    const sg_parameter_set *others = sg_generator_parameters(second);
    sg_tensor *partner = NULL;
    SG_TRY(check_rule(rule, first, error));
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].trainable && sg_has_prefix(set->items[i].name, "synthesis."))
            SG_TRY(find_partner(&set->items[i], others, &partner, error));
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].trainable && sg_has_prefix(set->items[i].name, "synthesis.") &&
            !find_partner(&set->items[i], others, &partner, error))
            blend_tensor(set->items[i].tensor, partner,
                         sg_blend_share(rule, first, set->items[i].name));
    return SG_OK;
}
