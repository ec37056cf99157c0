/*
 * Pictures, statistics and spectra of the features within networks: the work of `layers`, as the
 * official viewer of StyleGAN3 shows them.
 */
#ifndef SG_LAYERS_LAYERS_H
#define SG_LAYERS_LAYERS_H

#include "layers/layer_session.h"
#include "pictures/picture_set.h"
#include "scores/scoring.h"

/*
 * Paints the seeds of a prepared work and records the features of the generator's chosen layers,
 * which the caller clears. Writes to the work's folder (NULL: nothing) layers.png, the pictures and
 * maps of the layers' magnitudes, a row for each seed; layers.tsv and channels.tsv, their
 * statistics; with sheets, seedNNNN-LAYER.png; with spectra, spectra.png. Fails with
 * SG_ERROR_ARGUMENT when `chosen` has a name of no layer and block, or as the session does.
 */
sg_status sg_layers(const sg_picture_work *work, const sg_layers_options *options,
                    sg_layer_records *records, const sg_watch *watch, sg_error *error);

/* Pictures in files, at most SG_MOST_LOOKED_AT, and where the results go; borrowed. */
enum { SG_MOST_LOOKED_AT = 64 };
typedef struct sg_looked_at {
    const char *const *paths; /* as sg_scoring_request.paths */
    size_t path_count;
    const char *folder;  /* exists; NULL: nothing is written */
    const char *network; /* the name of its file */
} sg_looked_at;

/*
 * The same for a discriminator or a classifier that looks at pictures in files. Its layers are its
 * blocks of convolutions, "D0", "D1" and so on; sheets are PICTURE-DN.png. Fails with
 * SG_ERROR_ARGUMENT for more pictures, or when `chosen` has a name of no block.
 */
sg_status sg_layers_of_pictures(sg_scoring *scoring, const sg_looked_at *pictures,
                                const sg_layers_options *options, sg_layer_records *records,
                                const sg_watch *watch, sg_error *error);

#endif
