/* What a style transfer is made of, for the files that share its work. */
#ifndef SG_STYLE_RUN_STYLE_STATE_H
#define SG_STYLE_RUN_STYLE_STATE_H

#include "image/files/video_file.h"
#include "pictures/picture_set.h"
#include "style/run/style_run.h"
#include "style/style_coder.h"

/* The file of a style's picture, by its index, and the room for its name. */
#define SG_STYLE_FILE "style%02zu.png"
enum { SG_STYLE_FILE_BYTES = 32 };

enum { SG_STYLE_MOST_STAGES = 5, SG_STYLE_LABEL_BYTES = 32, SG_STYLE_MOST_POINTS = 2000 };

/* A picture on the way to the result. */
typedef struct sg_style_stage {
    char label[SG_STYLE_LABEL_BYTES];
    sg_image *picture;
} sg_style_stage;

/* A step and its losses. */
typedef struct sg_style_point {
    int step;
    double content, style;
} sg_style_point;

/* Latents of one generator: those of the styles are the work's seeds. */
typedef struct sg_style_latents {
    sg_picture_work work;
    sg_number_list content;
    sg_w_sources content_w;
    char *style_text;  /* the styles in one list */
    float *content_ws; /* [num_ws, w_dim] */
    float *style_ws;   /* the weighted sum of the styles */
    float *blended_ws; /* of the picture at work */
} sg_style_latents;

struct sg_style_run {
    sg_style_request request;
    sg_context *context;       /* of pictures' networks */
    sg_style_network *network; /* of the optimisation, or NULL */
    sg_style_coder *coder;     /* or NULL */
    sg_style_latents *latents; /* or NULL */
    size_t count;              /* of styles */
    double *shares;            /* [count] */
    sg_image *content, **styles, *picture;
    const sg_style_hooks *hooks;
    sg_video *film; /* or NULL */
    double begun, shown;
    sg_style_stage stages[SG_STYLE_MOST_STAGES];
    size_t stage_count;
    sg_style_point *curve; /* [SG_STYLE_MOST_POINTS] */
    size_t points;
    sg_style_result result;
};

/* ---- the ways; each makes run->picture ---- */

sg_status sg_style_work_pixels(sg_style_run *run, sg_error *error);
sg_status sg_style_work_passes(sg_style_run *run, sg_error *error);

/* Opens and frees the latents; the pictures of content and styles are painted. */
sg_status sg_style_latents_open(sg_style_run *run, const sg_watch *watch, sg_error *error);
void sg_style_latents_close(sg_style_latents *latents);

/* Paints the picture with so much of the style in *image, which the caller destroys. */
sg_status sg_style_latents_paint(sg_style_run *run, double alpha, sg_image **image,
                                 sg_error *error);

/* ---- what all ways do ---- */

/* Copies the picture for the figure. */
sg_status sg_style_add_stage(sg_style_run *run, const char *label, const sg_image *picture,
                             sg_error *error);

/* Shows the picture so far in current.png and to the hooks, when it is time to. */
sg_status sg_style_show(sg_style_run *run, const sg_image *picture, sg_error *error);

/* Writes the results. */
sg_status sg_style_write(const sg_style_run *run, sg_error *error);

#endif
