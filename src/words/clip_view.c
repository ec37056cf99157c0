/* Views of pictures for CLIP; see clip_view.h. */
#include "words/clip_view.h"

#include "ops/picture_scale.h"
#include "ops/reduce.h"
#include "tensor/context.h"

enum { ENLARGED = 7 };

static const char *const names[] = {"normalised", "styleclip"};
const sg_choices sg_clip_views = SG_CHOICES(names);

/* Returns the factor of the reduction to the tower's side; 0 where there is none. */
static int reduction(const sg_clip *clip, const sg_tensor *pictures)
{
    const int64_t side = (int64_t)sg_clip_image_side(clip);
    const int64_t height = ENLARGED * pictures->shape.size[1];
    const int64_t width = ENLARGED * pictures->shape.size[2];
    return height == width && height % side == 0 ? (int)(height / side) : 0;
}

sg_tensor *sg_clip_view_of(const sg_clip *clip, sg_tensor *pictures, sg_clip_view view)
{
    if (!pictures || view == SG_CLIP_VIEW_NORMALISED)
        return pictures ? sg_clip_normalised(clip, pictures) : NULL;
    const int factor = reduction(clip, pictures);
    const int64_t *size = pictures->shape.size;
    if (factor == 0) {
        sg_context_fail(pictures->context, SG_ERROR_SHAPE,
                        "StyleCLIP's view enlarges pictures %d times and averages them to %zux%zu, "
                        "which those of %lldx%lld do not fit",
                        ENLARGED, sg_clip_image_side(clip), sg_clip_image_side(clip),
                        (long long)size[2], (long long)size[1]);
        return NULL;
    }
    sg_tensor *coloured = sg_broadcast(pictures, SG_SHAPE(size[0], size[1], size[2], 3));
    return sg_reduce_box(sg_enlarge_nearest(coloured, ENLARGED), factor);
}
