/* The mapping network. */
#include "nn/mapping.h"

#include <stdio.h>

#include "ops/layout.h"
#include "ops/normalize.h"

static const double moment_epsilon = 1e-8;

sg_mapping sg_mapping_create(sg_parameter_set *set, const char *prefix, sg_mapping_options o)
{
    char name[SG_PARAMETER_NAME_BYTES];
    sg_mapping mapping = {
        .context = set->context, .z_dim = o.z_dim, .c_dim = o.c_dim, .num_layers = o.num_layers};
    int embedded = o.c_dim > 0 ? o.embed_features : 0;
    if (o.track_average)
        mapping.w_avg = sg_parameter_add(set, prefix, "w_avg", SG_SHAPE(o.w_dim), false,
                                         (sg_initial){SG_INITIAL_CONSTANT, 0});
    if (o.c_dim > 0) {
        snprintf(name, sizeof name, "%s.embed", prefix);
        mapping.embed = sg_linear_create(set, name,
                                         (sg_linear_options){.in_features = o.c_dim,
                                                             .out_features = embedded,
                                                             .activation = SG_LINEAR,
                                                             .lr_multiplier = 1});
    }
    for (int i = 0; i < o.num_layers; i++) {
        snprintf(name, sizeof name, "%s.fc%d", prefix, i);
        sg_linear_options layer = {.in_features = i == 0 ? o.z_dim + embedded : o.layer_features,
                                   .out_features =
                                       i == o.num_layers - 1 ? o.w_dim : o.layer_features,
                                   .activation = o.activation,
                                   .lr_multiplier = o.lr_multiplier};
        mapping.layers[i] = sg_linear_create(set, name, layer);
    }
    return mapping;
}

sg_tensor *sg_mapping_forward(const sg_mapping *mapping, sg_tensor *z, sg_tensor *c)
{
    sg_context *context = mapping->context;
    if ((mapping->z_dim > 0 && !z) || (mapping->c_dim > 0 && !c))
        return sg_context_fail(context, SG_ERROR_ARGUMENT, "the mapping network needs %s",
                               mapping->z_dim > 0 && !z ? "latents" : "labels");
    size_t scope = sg_scope_open(context);
    sg_tensor *x = NULL;
    if (mapping->z_dim > 0)
        x = sg_normalize_second_moment(z, moment_epsilon);
    if (mapping->c_dim > 0) {
        sg_tensor *label =
            sg_normalize_second_moment(sg_linear_forward(&mapping->embed, c), moment_epsilon);
        x = mapping->z_dim > 0 ? sg_concatenate(x, label, 1) : label;
    }
    for (int i = 0; i < mapping->num_layers; i++)
        x = sg_linear_forward(&mapping->layers[i], x);
    return sg_scope_close(context, scope, x);
}
