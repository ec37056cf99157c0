/*
 * Pictures, statistics and spectra of the features within generators: the work of `layers`, as the
 * official viewer of StyleGAN3 shows them.
 */
#ifndef SG_LAYERS_LAYERS_H
#define SG_LAYERS_LAYERS_H

#include "layers/layer_record.h"
#include "layers/layer_sheet.h"
#include "pictures/picture_set.h"

/* What to look at; everything is borrowed. */
typedef struct sg_layers_options {
    const char *chosen; /* names of layers, or their beginnings, separated by commas; NULL: all */
    sg_layer_levels levels;
    bool sheets;                  /* a contact sheet of every layer and picture */
    sg_layer_recording recording; /* without pictures and maps, which are set here */
    bool files;                   /* writes to the work's folder; otherwise records only */
} sg_layers_options;

/*
 * Paints the seeds of a prepared work and records the features of the chosen layers, which the
 * caller clears. Writes to the folder, if asked for: layers.png, the pictures and maps of the
 * layers' magnitudes, a row for each seed; layers.tsv and channels.tsv, their statistics; with
 * sheets, seedNNNN-LAYER.png; with spectra, spectra.png. Fails with SG_ERROR_ARGUMENT when `chosen`
 * has a name of no layer and block, when no layer has channels of the list, and as painting and
 * writing do.
 */
sg_status sg_layers(const sg_picture_work *work, const sg_layers_options *options,
                    sg_layer_records *records, const sg_watch *watch, sg_error *error);

#endif
