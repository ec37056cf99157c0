/* The discriminator of w; see latent_judge.h. */
#include "train/step/latent_judge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "ops/matmul.h"
#include "ops/reduce.h"
#include "train/losses/adversarial.h"

/* ---- life ---- */

/* Layers start as PyTorch's do: uniform within 1 / sqrt(inputs). */
static void add_layers(sg_latent_judge *judge)
{
    const sg_initial initial = {SG_INITIAL_UNIFORM, 1 / sqrt(judge->w_dim)};
    for (int i = 0; i < SG_LATENT_LAYERS; i++) {
        char name[16];
        const int outputs = i + 1 < SG_LATENT_LAYERS ? judge->w_dim : 1;
        snprintf(name, sizeof name, "mlp.%d", 2 * i);
        judge->weights[i] = sg_parameter_add(&judge->parameters, name, "weight",
                                             SG_SHAPE(outputs, judge->w_dim), true, initial);
        judge->biases[i] =
            sg_parameter_add(&judge->parameters, name, "bias", SG_SHAPE(outputs), true, initial);
    }
}

static bool make_pool(sg_latent_pool *pool, int w_dim)
{
    pool->values = sg_allocate(SG_LATENT_POOL, (size_t)w_dim * sizeof *pool->values);
    return pool->values;
}

sg_latent_judge *sg_latent_judge_create(sg_context *context, int w_dim, double rate, uint64_t seed)
{
    sg_latent_judge *judge = sg_context_allocate(context, sizeof *judge, "a discriminator of w");
    if (!judge)
        return NULL;
    judge->w_dim = w_dim;
    sg_parameter_set_init(&judge->parameters, context, SG_F32, seed);
    add_layers(judge);
    judge->optimiser = sg_optimiser_create(
        &judge->parameters,
        (sg_optimiser_options){
            .kind = SG_ADAM, .rate = rate, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8});
    if (!context->error.status && judge->optimiser &&
        sg_trainable_list_make(&judge->list, &judge->parameters) &&
        make_pool(&judge->reals, w_dim) && make_pool(&judge->fakes, w_dim))
        return judge;
    sg_context_fail_memory(context, "a discriminator of w");
    sg_latent_judge_destroy(judge);
    return NULL;
}

void sg_latent_judge_destroy(sg_latent_judge *judge)
{
    if (!judge)
        return;
    sg_optimiser_destroy(judge->optimiser);
    sg_trainable_list_clear(&judge->list);
    sg_parameter_set_clear(&judge->parameters);
    free(judge->reals.values);
    free(judge->fakes.values);
    free(judge);
}

/* ---- scores ---- */

sg_tensor *sg_latent_judge_scores(const sg_latent_judge *judge, sg_tensor *w)
{
    if (!w)
        return NULL;
    const size_t scope = sg_scope_open(w->context);
    sg_tensor *x = w;
    for (int i = 0; i < SG_LATENT_LAYERS; i++)
        x = sg_bias_act(sg_matmul(x, false, judge->weights[i], true, 1), NULL, NULL,
                        judge->biases[i],
                        sg_bias_act_without_gain(i + 1 < SG_LATENT_LAYERS ? SG_LRELU : SG_LINEAR));
    return sg_scope_close(w->context, scope, x);
}

sg_tensor *sg_latent_judge_loss(const sg_latent_judge *judge, sg_tensor *styles, int64_t codes)
{
    if (!styles)
        return NULL;
    const int64_t *size = styles->shape.size;
    const int64_t taken = codes < size[1] ? codes : size[1];
    sg_tensor *rows = sg_reshape(sg_slice(styles, 1, 0, taken), SG_SHAPE(size[0] * taken, size[2]));
    return sg_adversarial_loss_of(SG_LOSS_LOGISTIC)->generator(sg_latent_judge_scores(judge, rows));
}

/* ---- the pool ---- */

sg_tensor *sg_latent_pool_query(sg_latent_pool *pool, const sg_tensor *w, const double *chances)
{
    const size_t width = (size_t)w->shape.size[1];
    const size_t bytes = width * sizeof(float);
    sg_tensor *result = sg_tensor_create(w->context, SG_F32, w->shape);
    for (int64_t n = 0; result && n < w->shape.size[0]; n++) {
        const float *row = sg_f32(w) + (size_t)n * width;
        float *to = sg_f32(result) + (size_t)n * width;
        const bool full = pool->count == SG_LATENT_POOL;
        const size_t at = full ? (size_t)(chances[2 * n + 1] * SG_LATENT_POOL) : 0;
        float *kept = pool->values + (full ? at : (size_t)pool->count) * width;
        const bool exchanged = full && chances[2 * n] > 0.5;
        memcpy(to, exchanged ? kept : row, bytes);
        if (exchanged || !full)
            memcpy(kept, row, bytes);
        pool->count += !full;
    }
    return result;
}

/* ---- steps ---- */

/* Moves the weights down a loss. */
static void descend(sg_latent_judge *judge, sg_tensor *loss)
{
    sg_context *context = judge->parameters.context;
    sg_trainable_list *list = &judge->list;
    sg_tensor *gradients[2 * SG_LATENT_LAYERS] = {NULL};
    if (!loss ||
        sg_gradient(loss, NULL, list->tensors, list->count, (sg_gradient_options){0}, gradients))
        return;
    for (size_t i = 0; i < list->count; i++)
        list->gradients[i] = sg_tensor_retain(gradients[i]);
    if (!isfinite(sg_gradient_norm(list)))
        sg_gradient_make_finite(list);
    if (!context->error.status)
        sg_optimiser_step(judge->optimiser, list->gradients);
    sg_trainable_list_release_gradients(list);
}

/* Returns gamma / 2 times the mean over w of the squared gradient of the score. */
static sg_tensor *penalty(const sg_latent_judge *judge, sg_tensor *w, double gamma)
{
    sg_tensor *slopes = NULL;
    sg_tensor_require_gradient(w, true);
    sg_tensor *scores = sg_latent_judge_scores(judge, w);
    if (!scores ||
        sg_gradient(scores, NULL, &w, 1, (sg_gradient_options){.create_graph = true}, &slopes))
        return NULL;
    sg_tensor *squares = sg_sum_product(slopes, slopes, SG_SHAPE(1, 1));
    return sg_affine(squares, gamma / 2 / (double)w->shape.size[0], 0);
}

double sg_latent_judge_step(sg_latent_judge *judge, sg_tensor *reals, sg_tensor *fakes,
                            double gamma)
{
    sg_context *context = judge->parameters.context;
    const sg_adversarial_loss *logistic = sg_adversarial_loss_of(SG_LOSS_LOGISTIC);
    const bool recording = context->recording;
    const size_t scope = sg_scope_open(context);
    context->recording = true;
    sg_parameter_set_require_gradient(&judge->parameters, true);
    sg_tensor *loss = sg_add(logistic->real(sg_latent_judge_scores(judge, reals)),
                             logistic->fake(sg_latent_judge_scores(judge, fakes)));
    descend(judge, loss);
    const double value = loss ? sg_tensor_value(loss, 0) : 0;
    if (gamma > 0 && reals)
        descend(judge, penalty(judge, reals, gamma));
    sg_parameter_set_require_gradient(&judge->parameters, false);
    context->recording = recording;
    sg_scope_close(context, scope, NULL);
    return value;
}
