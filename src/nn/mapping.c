/* The mapping network: joins z and label by the form of the family, then runs the layers. */
#include "nn/mapping.h"

#include <stdio.h>

#include "ops/layout.h"
#include "ops/normalize.h"

static const double moment_epsilon = 1e-8;

/* Makes the label's layer; the networks of 2018 have no bias and no equalised learning rate there.
 */
static sg_linear create_embedding(sg_parameter_set *set, const char *prefix,
                                  const sg_mapping_options *o)
{
    const bool plain = o->form == SG_MAPPING_TOGETHER;
    sg_linear embed = sg_linear_create(set, prefix, "embed",
                                       (sg_linear_options){.in_features = o->c_dim,
                                                           .out_features = o->embed_features,
                                                           .activation = SG_LINEAR,
                                                           .lr_multiplier = 1,
                                                           .no_bias = plain});
    if (plain)
        embed.weight_gain = 1;
    sg_parameter_set_gain(set, embed.weight, embed.weight_gain);
    return embed;
}

sg_mapping sg_mapping_create(sg_parameter_set *set, const char *prefix, sg_mapping_options o)
{
    char name[SG_PARAMETER_NAME_BYTES];
    sg_mapping mapping = {.context = set->context,
                          .form = o.form,
                          .z_dim = o.z_dim,
                          .c_dim = o.c_dim,
                          .num_layers = o.num_layers};
    const bool embeds = o.c_dim > 0 && o.embed_features > 0;
    const int label_features = embeds ? o.embed_features : o.c_dim;
    if (o.track_average)
        mapping.w_avg = sg_parameter_add(set, prefix, "w_avg", SG_SHAPE(o.w_dim), false, SG_ZEROS);
    if (embeds)
        mapping.embed = create_embedding(set, prefix, &o);
    for (int i = 0; i < o.num_layers; i++) {
        snprintf(name, sizeof name, "fc%d", i);
        sg_linear_options layer = {
            .in_features = i == 0 ? o.z_dim + label_features : o.layer_features,
            .out_features = i == o.num_layers - 1 ? o.w_dim : o.layer_features,
            .activation = o.activation,
            .lr_multiplier = o.lr_multiplier,
            .gain_in_weight = o.form == SG_MAPPING_TOGETHER};
        mapping.layers[i] = sg_linear_create(set, prefix, name, layer);
    }
    return mapping;
}

/* Returns z and label as one vector; either may be NULL. */
static sg_tensor *join_inputs(const sg_mapping *mapping, sg_tensor *z, sg_tensor *c)
{
    const bool apart = mapping->form == SG_MAPPING_APART;
    sg_tensor *label = c && mapping->embed.weight ? sg_linear_forward(&mapping->embed, c) : c;
    if (apart && z)
        z = sg_normalize_second_moment(z, moment_epsilon);
    if (apart && label)
        label = sg_normalize_second_moment(label, moment_epsilon);
    sg_tensor *x = z && label ? sg_concatenate(z, label, 1) : z ? z : label;
    return mapping->form != SG_MAPPING_TOGETHER ? x : sg_normalize_second_moment(x, moment_epsilon);
}

sg_tensor *sg_mapping_forward(const sg_mapping *mapping, sg_tensor *z, sg_tensor *c)
{
    sg_context *context = mapping->context;
    if ((mapping->z_dim > 0 && !z) || (mapping->c_dim > 0 && !c))
        return sg_context_fail(context, SG_ERROR_ARGUMENT, "the mapping network needs %s",
                               mapping->z_dim > 0 && !z ? "latents" : "labels");
    size_t scope = sg_scope_open(context);
    sg_tensor *x =
        join_inputs(mapping, mapping->z_dim > 0 ? z : NULL, mapping->c_dim > 0 ? c : NULL);
    for (int i = 0; i < mapping->num_layers; i++)
        x = sg_linear_forward(&mapping->layers[i], x);
    return sg_scope_close(context, scope, x);
}
