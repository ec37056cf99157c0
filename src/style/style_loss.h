/*
 * The loss of style transfer by statistics of feature maps (Huang and Belongie 2017; Li et al.
 * 2017): one of a picture's maps comes near to a target of features, and the means and deviations
 * of all its maps near to those of a style.
 */
#ifndef SG_STYLE_STYLE_LOSS_H
#define SG_STYLE_STYLE_LOSS_H

#include "models/feature_maps.h"
#include "style/style_statistics.h"

/* What a picture is compared with; all tensors are owned. */
typedef struct sg_style_target {
    sg_tensor *content; /* features, of the shape of the picture's map `content_map` */
    int content_map;
    sg_style_statistics style[SG_MOST_FEATURE_MAPS]; /* of each map */
    double scale[SG_MOST_FEATURE_MAPS]; /* that multiplies the losses of each map; 1 once made */
    int count;                          /* of maps */
} sg_style_target;

/* The parts of a loss, scalars of the innermost scope. */
typedef struct sg_style_losses {
    sg_tensor *content;                     /* mean square difference of features */
    sg_tensor *style[SG_MOST_FEATURE_MAPS]; /* mean square differences of means plus those of
                                               deviations */
    sg_tensor *total;                       /* content + style_weight * sum of style */
} sg_style_losses;

/*
 * Makes the target of `content` and of `count` styles, each as sg_style_*_maps shows it, off the
 * tape. Its statistics are weighted sums of those of the styles, and `alpha` blends from the
 * content's features and statistics, 0, to the styles', 1. The caller clears the target, also
 * after a failure.
 */
sg_status sg_style_target_make(sg_style_target *target, const sg_feature_maps *content,
                               int content_map, const sg_feature_maps *styles,
                               const double *weights, size_t count, double alpha, sg_error *error);
void sg_style_target_clear(sg_style_target *target);

/* Returns the losses of a picture's maps; members are NULL (error in the context) on failure. */
sg_style_losses sg_style_losses_of(const sg_style_target *target, const sg_feature_maps *maps,
                                   double style_weight);

#endif
