/* The registry of families. */
#include "models/family.h"

#include <string.h>

#include "ops/layout.h"
#include "ops/reduce.h"

typedef struct registered {
    const char *name, *title;
    const char *mark; /* the start of a tensor's name that only this family has */
    const sg_synthesis_functions *synthesis;
    const sg_discriminator_functions *discriminator;
} registered;

static const registered families[SG_FAMILY_COUNT] = {
    [SG_STYLEGAN2] = {"stylegan2", "StyleGAN2", "synthesis.b4.conv1.", &sg_stylegan2_synthesis,
                      &sg_stylegan2_discriminator},
    [SG_STYLEGAN3] = {"stylegan3", "StyleGAN3", "synthesis.input.", &sg_stylegan3_synthesis,
                      &sg_stylegan2_discriminator},
    [SG_STYLEGAN1] = {"stylegan1", "StyleGAN", "synthesis.b4.layer0.", &sg_stylegan1_synthesis,
                      &sg_growing_discriminator},
    [SG_PROGAN] = {"progan", "ProGAN", "synthesis.b4.dense.", &sg_progan_synthesis,
                   &sg_growing_discriminator},
    [SG_DCGAN] = {"dcgan", "DCGAN", "synthesis.b4.project.", &sg_dcgan_synthesis,
                  &sg_dcgan_discriminator},
};

const sg_synthesis_functions *sg_family_synthesis(sg_family family)
{
    return families[family].synthesis;
}

const sg_discriminator_functions *sg_family_discriminator(sg_family family)
{
    return families[family].discriminator;
}

const char *sg_family_name(sg_family family)
{
    return families[family].name;
}

const char *sg_family_title(sg_family family)
{
    return families[family].title;
}

int sg_family_from_name(const char *name)
{
    for (int family = 0; family < SG_FAMILY_COUNT; family++)
        if (strcmp(families[family].name, name) == 0)
            return family;
    return -1;
}

bool sg_family_has_tensor(sg_family family, const char *name)
{
    return strncmp(name, families[family].mark, strlen(families[family].mark)) == 0;
}

int sg_square_side(const sg_generator_config *config)
{
    return config->img_resolution;
}

int sg_single_w(const sg_generator_config *config)
{
    (void)config;
    return 1;
}

sg_tensor *sg_pick_style(sg_tensor *ws, int index)
{
    if (!ws)
        return NULL;
    return sg_reshape(sg_slice(ws, 1, index, 1), SG_SHAPE(ws->shape.size[0], ws->shape.size[2]));
}

sg_tensor *sg_repeat_constant(sg_tensor *constant, int64_t samples)
{
    if (!constant)
        return NULL;
    const int64_t *s = constant->shape.size;
    sg_tensor *one = sg_permute(constant, (int[]){1, 2, 0});
    return sg_broadcast(sg_reshape(one, SG_SHAPE(1, s[1], s[2], s[0])),
                        SG_SHAPE(samples, s[1], s[2], s[0]));
}
