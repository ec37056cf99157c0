/* StyleGAN-NADA's losses in both precisions; see nada_case.h. */
#include "golden_test/nada_case.h"

#include <stdio.h>
#include <stdlib.h>

#include "golden_test/clip_case.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "train/losses/nada.h"

/* Of texts, whose tokens are exact; of pictures, which are stored as floats; single. */
static const double exact = 1e-9, rounded = 1e-6, single = 1e-4;

/* Features of a case, of unit length, in one precision. */
typedef struct nada_case {
    golden_case *test;
    const sg_clip *clip;
    sg_dtype dtype;
    sg_tensor *pictures[2]; /* [N, H, W, C] of source and target; the target is a leaf */
    sg_tensor *images[2], *texts[2];
} nada_case;

static double tolerance_of(const nada_case *all, double tolerance)
{
    return all->dtype == SG_F64 ? tolerance : single;
}

static void name_group(const nada_case *all, const char *name, char group[100])
{
    snprintf(group, 100, "%s.%s", name, all->dtype == SG_F64 ? "double" : "single");
}

/* Reads pictures [N, C, H, W] as [N, H, W, C] in the case's precision. */
static sg_tensor *read_pictures(const nada_case *all, const char *name)
{
    const sg_stored_tensor *stored = case_find(all->test, name, NULL);
    double *values = case_values(all->test, name);
    sg_tensor *planes = values ? sg_tensor_create(all->test->context, all->dtype,
                                                  sg_shape_of(stored->rank, stored->size))
                               : NULL;
    for (int64_t i = 0; planes && i < sg_tensor_count(planes); i++)
        sg_tensor_set_value(planes, i, values[i]);
    free(values);
    return planes ? sg_to_channels_last(planes) : NULL;
}

static sg_tensor *features_of(const nada_case *all, sg_tensor *pictures)
{
    return sg_clip_unit(sg_clip_image(all->clip, sg_clip_normalised(all->clip, pictures)));
}

static sg_tensor *read_texts(const nada_case *all, const char *name)
{
    size_t count = 0;
    int32_t *tokens = case_tokens(all->test, name, &count);
    sg_tensor *features = tokens ? sg_clip_unit(sg_clip_tokens(all->clip, tokens, count)) : NULL;
    free(tokens);
    return features;
}

/* Compares a loss and, where `gradient` names it, its gradient to the target's pictures. */
static void compare(nada_case *all, const char *name, const char *gradient, sg_tensor *loss)
{
    static const sg_gradient_options kept = {.retain_graph = true};
    char group[100];
    sg_tensor *slope = NULL;
    name_group(all, name, group);
    if (case_has(all->test, name))
        case_compare(all->test, group, name, loss, tolerance_of(all, rounded));
    if (!gradient || !case_has(all->test, gradient))
        return;
    name_group(all, gradient, group);
    sg_gradient(loss, NULL, &all->pictures[1], 1, kept, &slope);
    case_compare_pictures(all->test, group, gradient, slope, tolerance_of(all, rounded));
}

static void compare_losses(nada_case *all)
{
    sg_tensor *source = all->images[0];
    sg_tensor *target = all->images[1];
    sg_tensor *wanted = sg_nada_direction(all->texts[0], all->texts[1]);
    char group[100];
    name_group(all, "nada.text_direction", group);
    if (case_has(all->test, "nada.text_direction"))
        case_compare(all->test, group, "nada.text_direction", wanted, tolerance_of(all, exact));
    compare(all, "nada.directional.cosine", "nada.grad_target",
            sg_nada_directional(source, target, wanted, SG_NADA_COSINE, 0));
    compare(all, "nada.directional.mse", NULL,
            sg_nada_directional(source, target, wanted, SG_NADA_SQUARE, 0));
    compare(all, "nada.directional.mae", NULL,
            sg_nada_directional(source, target, wanted, SG_NADA_ABSOLUTE, 0));
    compare(all, "nada.manifold", "nada.manifold_grad_target",
            sg_nada_manifold(source, target, sg_nada_cosine(all->texts[0], all->texts[1])));
    compare(all, "nada.global", NULL, sg_nada_global(target, sg_slice(all->texts[1], 0, 0, 1)));
}

static void run_precision(golden_case *test, sg_dtype dtype)
{
    nada_case all = {.test = test, .dtype = dtype};
    const size_t scope = sg_scope_open(test->context);
    sg_clip *clip = open_case_clip(test, dtype, "nada");
    all.clip = clip;
    if (clip) {
        all.pictures[0] = read_pictures(&all, "nada.source");
        all.pictures[1] = read_pictures(&all, "nada.target");
        all.texts[0] = read_texts(&all, "nada.source_tokens");
        all.texts[1] = read_texts(&all, "nada.target_tokens");
    }
    if (all.pictures[0] && all.pictures[1] && all.texts[0] && all.texts[1]) {
        sg_tensor_require_gradient(all.pictures[1], true);
        test->context->recording = true;
        for (int i = 0; i < 2; i++)
            all.images[i] = features_of(&all, all.pictures[i]);
        compare_losses(&all);
        test->context->recording = false;
    } else if (clip) {
        report_failure(test->report, test->name, "nada", "pictures or tokens cannot be read");
    }
    sg_scope_close(test->context, scope, NULL);
    sg_clip_close(clip);
}

void run_nada(golden_case *test)
{
    if (!case_first(test, "nada."))
        return;
    run_precision(test, SG_F64);
    run_precision(test, SG_F32);
}
