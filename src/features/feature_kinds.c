/* The table of kinds of feature networks. */
#include "features/feature_kind.h"

#include <string.h>

const sg_feature_kind *const sg_feature_kinds[] = {&sg_inception_kind, &sg_vgg16_kind,
                                                   &sg_lpips_kind};
const size_t sg_feature_kind_count = sizeof sg_feature_kinds / sizeof *sg_feature_kinds;

int sg_feature_kind_find(const char *name)
{
    for (size_t i = 0; i < sg_feature_kind_count; i++)
        if (strcmp(sg_feature_kinds[i]->name, name) == 0)
            return (int)i;
    return -1;
}
