/* The current level of detail; see level.h. */
#include "models/level.h"

#include <math.h>

int sg_block_count(int resolution)
{
    int count = 1;
    while (4 << (count - 1) < resolution)
        count++;
    return count;
}

sg_level sg_level_of(int resolution, double lod)
{
    const double largest = sg_block_count(resolution) - 1;
    const double within = fmin(fmax(lod, 0), largest);
    return (sg_level){.halvings = (int)floor(within), .share = within - floor(within)};
}

int sg_level_resolution(int resolution, double lod)
{
    return resolution >> sg_level_of(resolution, lod).halvings;
}

void sg_level_set(sg_parameter_set *set, const char *name, double lod)
{
    const sg_parameter *found = sg_parameter_find(set, name);
    if (!found)
        return;
    sg_tensor_set_value(found->tensor, 0, lod);
    sg_tensor_touch(found->tensor);
}

double sg_level_get(const sg_parameter_set *set, const char *name)
{
    const sg_parameter *found = sg_parameter_find(set, name);
    return found ? sg_tensor_value(found->tensor, 0) : 0;
}
