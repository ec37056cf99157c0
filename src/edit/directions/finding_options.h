/* What is looked for when directions are found, and how. */
#ifndef SG_EDIT_DIRECTIONS_FINDING_OPTIONS_H
#define SG_EDIT_DIRECTIONS_FINDING_OPTIONS_H

#include "edit/direction.h"
#include "edit/directions/attributes.h"
#include "features/clip/clip.h"
#include "features/clip/prompts.h"

typedef enum sg_finding_method {
    SG_FIND_PCA,         /* principal components of w, or of a layer's features (GANSpace) */
    SG_FIND_SEFA,        /* closed form by layers (SeFa) */
    SG_FIND_BOUNDARY,    /* across the boundary of a support vector machine (InterFaceGAN) */
    SG_FIND_GRADIENT,    /* mean over w of the gradient of log p(attribute | G(w)) */
    SG_FIND_STYLE_SPACE, /* channels of StyleSpace, ranked for an attribute */
    SG_FIND_TEXT         /* channels of StyleSpace that matter between two texts (StyleCLIP) */
} sg_finding_method;

/* What is looked for, and how; everything is borrowed. */
typedef struct sg_finding {
    sg_finding_method method;
    sg_generator *generator;
    sg_style_label label;            /* of the w that are drawn */
    const sg_attributes *attributes; /* NULL without a classifier */
    const size_t *wanted;            /* [wanted_count]: numbers of attributes */
    size_t wanted_count;
    uint32_t seed;     /* of the w: RandomState(seed).randn(samples, z_dim), mapped */
    double psi;        /* truncates them towards the average w: 1 does not */
    size_t samples;    /* 0: the method's usual number */
    size_t count;      /* directions of pca and sefa, channels of stylespace; 0: ten, or w_dim where
                          that is less */
    const char *layer; /* pca: the layer whose features are taken, "b16.conv1"; NULL: w itself */
    int first, last;   /* inputs that directions are for, both included; a last of SG_ALL_LAYERS: to
                          the end. sefa takes the affine maps of these, gradient their gradients */
    double share, train_share, cost; /* boundary: see boundary.h */
    /* Of text: CLIP, both texts, and the prompts that they are put into. */
    const sg_clip *clip;
    const char *from_text, *to_text;
    const sg_prompts *from_prompts, *to_prompts;
    const char *network_path; /* of the generator's file, for what is kept on disk; NULL: nothing */
    double threshold;         /* the least cosine of a channel that the direction moves */
    double strength;          /* what an amount of 1 is: deviations of the most relevant channel */
    /* Of the boundary, w and their scores instead of a classifier's answers. */
    const float *codes;  /* [code_count, w_dim]; NULL: w are drawn */
    const float *scores; /* [code_count, score_count] */
    size_t code_count, score_count;
    const char *const *score_names; /* [score_count] */
    /* Directions are conditioned on these, of `known` or found before in the same call. */
    const sg_direction_set *known;
    const char *const *conditions;
    size_t condition_count;
} sg_finding;

#endif
