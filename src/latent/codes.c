/* Batches of w, and their moments; see codes.h. */
#include "latent/codes.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"

enum { BATCH = 250 /* codes that are mapped at once */ };

sg_tensor *sg_random_codes(sg_generator *generator, sg_numpy_random *random, int64_t count,
                           sg_style_label label, double psi)
{
    const sg_generator_config *config = sg_generator_config_of(generator);
    const sg_parameter_set *set = sg_generator_parameters(generator);
    sg_tensor *z = sg_tensor_create(set->context, set->dtype, SG_SHAPE(count, config->z_dim));
    sg_tensor *c = NULL;
    for (int64_t i = 0; z && i < count * config->z_dim; i++)
        sg_tensor_set_value(z, i, sg_numpy_random_normal(random));
    if (config->c_dim > 0) {
        c = sg_tensor_full(set->context, set->dtype, SG_SHAPE(count, config->c_dim), 0);
        for (int64_t i = 0; c && i < count * config->c_dim; i++)
            sg_tensor_set_value(c, i,
                                label.values ? (double)label.values[i % config->c_dim]
                                             : i % config->c_dim == label.class_index);
    }
    sg_tensor *w = sg_generator_map(generator, z, c);
    return sg_generator_truncate(generator, sg_generator_broadcast(generator, w), NULL, psi, -1);
}

sg_status sg_moments_start(sg_moments *moments, size_t width, sg_error *error)
{
    *moments = (sg_moments){.width = width,
                            .mean = sg_allocate(width, sizeof(double)),
                            .deviation = sg_allocate(width, sizeof(double))};
    if (moments->mean && moments->deviation)
        return SG_OK;
    sg_moments_clear(moments);
    return sg_fail_memory(error, "the mean and deviation of %zu numbers", width);
}

void sg_moments_clear(sg_moments *moments)
{
    free(moments->mean);
    free(moments->deviation);
    *moments = (sg_moments){0};
}

void sg_moments_add(sg_moments *moments, const double *vector)
{
    moments->count++;
    for (size_t i = 0; i < moments->width; i++) {
        const double off = vector[i] - moments->mean[i];
        moments->mean[i] += off / (double)moments->count;
        moments->deviation[i] += off * (vector[i] - moments->mean[i]);
    }
}

void sg_moments_finish(sg_moments *moments)
{
    for (size_t i = 0; i < moments->width && moments->count > 0; i++)
        moments->deviation[i] = sqrt(moments->deviation[i] / (double)moments->count);
}

sg_status sg_draw_code_rows(sg_generator *generator, sg_numpy_random *random, size_t count,
                            sg_style_label label, double psi, double *rows, sg_error *error)
{
    const size_t width = (size_t)sg_generator_config_of(generator)->w_dim;
    sg_context *context = sg_generator_parameters(generator)->context;
    const size_t scope = sg_scope_open(context);
    const sg_tensor *ws = sg_random_codes(generator, random, (int64_t)count, label, psi);
    const size_t inputs = ws ? (size_t)ws->shape.size[1] : 0;
    for (size_t i = 0; ws && i < count * width; i++)
        rows[i] = sg_tensor_value(ws, (int64_t)(i / width * inputs * width + i % width));
    sg_scope_close(context, scope, NULL);
    return sg_context_take_error(context, error);
}

sg_status sg_draw_codes(sg_generator *generator, uint32_t seed, size_t count, sg_style_label label,
                        double psi, double **codes, sg_error *error)
{
    const size_t width = (size_t)sg_generator_config_of(generator)->w_dim;
    sg_numpy_random random;
    sg_numpy_random_seed(&random, seed);
    size_t product = 0;
    *codes = sg_size_multiply(count, width, &product) ? sg_allocate(product, sizeof **codes) : NULL;
    if (!*codes)
        return sg_fail_memory(error, "%zu codes", count);
    sg_status status = SG_OK;
    for (size_t done = 0; !status && done < count; done += BATCH)
        status = sg_draw_code_rows(generator, &random, count - done < BATCH ? count - done : BATCH,
                                   label, psi, *codes + done * width, error);
    if (status) {
        free(*codes);
        *codes = NULL;
    }
    return status;
}
