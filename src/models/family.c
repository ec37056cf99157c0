/* The registry of families. */
#include "models/family.h"

#include <string.h>

#include "ops/layout.h"

typedef struct registered {
    const char *name, *title;
    const char *mark; /* the start of a tensor's name that only this family has */
    const sg_synthesis_functions *synthesis;
} registered;

static const registered families[SG_FAMILY_COUNT] = {
    [SG_STYLEGAN2] = {"stylegan2", "StyleGAN2", "synthesis.b4.", &sg_stylegan2_synthesis},
    [SG_STYLEGAN3] = {"stylegan3", "StyleGAN3", "synthesis.input.", &sg_stylegan3_synthesis},
};

const sg_synthesis_functions *sg_family_synthesis(sg_family family)
{
    return families[family].synthesis;
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

sg_tensor *sg_pick_style(sg_tensor *ws, int index)
{
    if (!ws)
        return NULL;
    return sg_reshape(sg_slice(ws, 1, index, 1), SG_SHAPE(ws->shape.size[0], ws->shape.size[2]));
}
