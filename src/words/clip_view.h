/* How pictures are brought to what CLIP's image tower takes. */
#ifndef SG_WORDS_CLIP_VIEW_H
#define SG_WORDS_CLIP_VIEW_H

#include "base/choices.h"
#include "features/clip/clip.h"

typedef enum sg_clip_view {
    SG_CLIP_VIEW_NORMALISED, /* as CLIP was trained: sg_clip_normalised */
    SG_CLIP_VIEW_STYLECLIP   /* as StyleCLIP's program does, without CLIP's normalisation: enlarged
                                7 times, then averaged over squares */
} sg_clip_view;

/* "normalised", "styleclip". */
extern const sg_choices sg_clip_views;

/*
 * Returns the input [N, side, side, 3] of CLIP's image tower for pictures [N, H, W, 1 or 3] in
 * [-1, 1]. NULL (error in the context) on failure, or for StyleCLIP's view of pictures whose side
 * times 7 is no multiple of the tower's.
 */
sg_tensor *sg_clip_view_of(const sg_clip *clip, sg_tensor *pictures, sg_clip_view view);

#endif
