/* Targets and losses of style transfer; see style_loss.h. */
#include "style/style_loss.h"

#include "ops/arithmetic.h"
#include "ops/reduce.h"

/* Returns the weighted sum of the styles' AdaIN of the content's features, as the published
 * program interpolates styles. */
static sg_tensor *adapt(sg_tensor *features, const sg_feature_maps *styles, int map,
                        const double *weights, size_t count)
{
    sg_tensor *sum = NULL;
    for (size_t i = 0; i < count; i++) {
        const sg_style_statistics style = sg_style_statistics_of(styles[i].maps[map]);
        sg_tensor *term = sg_affine(sg_style_adain(features, &style), weights[i], 0);
        sum = sum ? sg_add(sum, term) : term;
    }
    return sum;
}

/* Returns the statistics between those of the content and the weighted sum of the styles'. */
static sg_style_statistics between(sg_tensor *content, const sg_feature_maps *styles, int map,
                                   const double *weights, size_t count, double alpha)
{
    sg_style_statistics sum = {NULL, NULL};
    const sg_style_statistics own = sg_style_statistics_of(content);
    for (size_t i = 0; i < count; i++) {
        const sg_style_statistics style = sg_style_statistics_of(styles[i].maps[map]);
        sg_tensor *mean = sg_affine(style.mean, weights[i], 0);
        sg_tensor *deviation = sg_affine(style.deviation, weights[i], 0);
        sum.mean = sum.mean ? sg_add(sum.mean, mean) : mean;
        sum.deviation = sum.deviation ? sg_add(sum.deviation, deviation) : deviation;
    }
    return (sg_style_statistics){sg_style_blend(own.mean, sum.mean, alpha),
                                 sg_style_blend(own.deviation, sum.deviation, alpha)};
}

sg_status sg_style_target_make(sg_style_target *target, const sg_feature_maps *content,
                               int content_map, const sg_feature_maps *styles,
                               const double *weights, size_t count, double alpha, sg_error *error)
{
    *target = (sg_style_target){.content_map = content_map, .count = content->count};
    sg_tensor *features = content->maps[content_map];
    sg_context *context = features->context;
    const bool recording = context->recording;
    const size_t scope = sg_scope_open(context);
    context->recording = false;
    target->content = sg_tensor_retain(
        sg_style_blend(features, adapt(features, styles, content_map, weights, count), alpha));
    for (int i = 0; i < content->count; i++) {
        const sg_style_statistics style =
            between(content->maps[i], styles, i, weights, count, alpha);
        target->style[i].mean = sg_tensor_retain(style.mean);
        target->style[i].deviation = sg_tensor_retain(style.deviation);
        target->scale[i] = 1;
    }
    context->recording = recording;
    sg_scope_close(context, scope, NULL);
    return sg_context_take_error(context, error);
}

void sg_style_target_clear(sg_style_target *target)
{
    sg_tensor_release(target->content);
    for (int i = 0; i < target->count; i++) {
        sg_tensor_release(target->style[i].mean);
        sg_tensor_release(target->style[i].deviation);
    }
    *target = (sg_style_target){.content = NULL};
}

static sg_tensor *mean_square(sg_tensor *a, sg_tensor *b, double scale)
{
    sg_tensor *difference = sg_subtract(a, b);
    sg_tensor *mean = difference ? sg_mean_all(sg_multiply(difference, difference)) : NULL;
    return scale == 1 ? mean : sg_affine(mean, scale, 0);
}

/* Returns the loss of the style of one map. */
static sg_tensor *style_loss(const sg_style_target *target, int map, sg_tensor *maps)
{
    const double scale = target->scale[map];
    const sg_style_statistics own = sg_style_statistics_of(maps);
    return sg_add(mean_square(own.mean, target->style[map].mean, scale),
                  mean_square(own.deviation, target->style[map].deviation, scale));
}

sg_style_losses sg_style_losses_of(const sg_style_target *target, const sg_feature_maps *maps,
                                   double style_weight)
{
    sg_style_losses losses = {.content = NULL};
    if (maps->count != target->count)
        return losses;
    losses.content = mean_square(maps->maps[target->content_map], target->content,
                                 target->scale[target->content_map]);
    losses.total = losses.content;
    for (int i = 0; i < target->count; i++) {
        losses.style[i] = style_loss(target, i, maps->maps[i]);
        losses.total = sg_add(losses.total, sg_affine(losses.style[i], style_weight, 0));
    }
    return losses;
}
