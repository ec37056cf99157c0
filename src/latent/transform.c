/* Transforms as 3x3 matrices of homogeneous coordinates. */
#include "latent/transform.h"

#include <math.h>

bool sg_transform_is_identity(const sg_transform *transform)
{
    return transform->x == 0 && transform->y == 0 && transform->degrees == 0;
}

/* Inverts (c, s, x; -s, c, y; 0, 0, 1), y pointing down. */
void sg_transform_invert(const sg_transform *transform, double inverse[9])
{
    const double angle = transform->degrees / 180 * M_PI;
    const double c = cos(angle);
    const double s = sin(angle);
    const double rows[9] = {c, -s, s * transform->y - c * transform->x,
                            s, c,  -s * transform->x - c * transform->y,
                            0, 0,  1};
    for (int i = 0; i < 9; i++)
        inverse[i] = rows[i];
}
