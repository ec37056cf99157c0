/* What a projection is made of, for the files of this folder. */
#ifndef SG_INVERT_RUN_PROJECTION_STATE_H
#define SG_INVERT_RUN_PROJECTION_STATE_H

#include "image/files/video_file.h"
#include "invert/results/projection_figure.h"
#include "invert/run/projection.h"
#include "invert/targets/target.h"

enum { SG_PROJECTION_LOSSES_BYTES = 160, SG_PROJECTION_MOST_FROZEN = 64 };

struct sg_projection {
    sg_projection_request request;
    sg_projection_networks networks;
    sg_target_list targets;
    float *start; /* [num_ws, w_dim] or [z_dim], or NULL */
    char *freeze; /* the names of the options, cut apart */
    const char *frozen[SG_PROJECTION_MOST_FROZEN];
    size_t frozen_count;
    bool default_losses;
    char losses[SG_PROJECTION_LOSSES_BYTES];
};

enum { SG_PROJECTION_MOST_POINTS = 2000 /* of the curve of losses */ };

/* The search for one target. */
typedef struct sg_projection_search {
    sg_projection *projection;
    const sg_projection_hooks *hooks;
    sg_target *target;
    size_t index;           /* of the target */
    char *folder, *current; /* of its files; the path of current.png */
    sg_video *film;         /* NULL: none */
    sg_projector *projector;
    double started, shown; /* seconds */
    sg_projection_stage stages[SG_PROJECTION_MOST_STAGES];
    int stage_steps[SG_PROJECTION_MOST_STAGES]; /* when each is taken */
    size_t stage_count;
    sg_projector_report last; /* of the last step */
    struct {
        int step;
        double loss;
    } curve[SG_PROJECTION_MOST_POINTS];
    size_t points;
    bool stopped;
    /* The result. */
    sg_image *picture;
    float *ws, *z; /* [num_ws, w_dim], [z_dim]; z is NULL in other spaces */
    int num_ws, w_dim;
    double distance; /* of w from the mean, in units of the spread */
    sg_picture_scores scores;
    int steps, class_index; /* taken; -1: the network has no classes */
    sg_image *untuned;      /* the picture and scores before tuning; NULL: it was not tuned */
    sg_picture_scores untuned_scores;
    int tuning_steps; /* taken */
    double tuning_loss;
    double seconds, encoder_seconds; /* in all; of the encoder's pass, 0 without one */
} sg_projection_search;

/* The results of all targets, for the sheet; zero it before use. */
typedef struct sg_projection_sheet {
    sg_projection_row *rows; /* [count] */
    size_t count, capacity;
} sg_projection_sheet;

/* Adds the row of a search that has a result; draws the sheet to sheet.png of the folder, if it has
 * several rows; frees the rows. */
sg_status sg_projection_sheet_add(sg_projection_sheet *sheet, const sg_projection_search *search,
                                  sg_error *error);
sg_status sg_projection_sheet_write(const sg_projection_sheet *sheet,
                                    const sg_projection *projection, sg_error *error);
void sg_projection_sheet_clear(sg_projection_sheet *sheet);

/*
 * Tunes the generator for the targets of `count` searches with results, whose pictures and scores
 * become those of the tuned one; writes it to tuned.safetensors of `folder`. The generator is the
 * original one afterwards. *stopped tells of a stop by the watch; what was tuned so far counts
 * then.
 */
sg_status sg_projection_tune(sg_projection *projection, sg_projection_search *searches,
                             size_t count, const char *folder, bool *stopped, sg_error *error);

/* Makes an image of the first picture of a tensor [N, H, W, C] of the network's context, which the
 * innermost scope owns; fails with the context's error where that is NULL. */
sg_status sg_projection_image(const sg_projection *projection, const sg_tensor *picture,
                              sg_image **image, sg_error *error);

/* Writes current.png, hands it on, and notes the time; sg_projection_is_due tells when to. */
sg_status sg_projection_show(sg_projection_search *search, const sg_image *picture,
                             sg_error *error);
bool sg_projection_is_due(const sg_projection_search *search);

/* Adds a stage to the figure, with a copy of the picture, the label and its PSNR. */
sg_status sg_projection_add_stage(sg_projection_search *search, const char *label,
                                  const sg_image *picture, sg_error *error);

/* The watch of a search, which names the target where there are several. */
sg_watch sg_projection_watch(sg_projection_search *search);

/* Searches for the target and fills in the result. The caller clears the search. */
sg_status sg_projection_search_run(sg_projection_search *search, sg_error *error);
void sg_projection_search_clear(sg_projection_search *search);

/* Writes all files of the result. */
sg_status sg_projection_write(const sg_projection_search *search, sg_error *error);

/* Returns the folder of a target's files, on the heap; NULL on lack of memory. */
char *sg_projection_folder(const sg_projection *projection, size_t index);

/* Returns the path of a file of the target, on the heap; NULL on lack of memory. */
char *sg_projection_path(const sg_projection_search *search, const char *name);

/* The names of all files that a target may have, up to a NULL. */
extern const char *const sg_projection_file_names[];

#endif
