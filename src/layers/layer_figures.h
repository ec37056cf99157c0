/* Figures of layers' records: maps of magnitudes beside the pictures, and average power spectra. */
#ifndef SG_LAYERS_LAYER_FIGURES_H
#define SG_LAYERS_LAYER_FIGURES_H

#include "image/image.h"
#include "layers/layer_record.h"

/*
 * Draws in *figure, which the caller destroys, a row for each picture, "seed N" at its left: the
 * picture, then the magnitude maps of the records as heat maps, each from 0 to its largest value,
 * with its peak below. Large maps are reduced. The title stands above. Fails with SG_ERROR_MEMORY
 * or as sg_figure_create does.
 */
sg_status sg_layer_maps_draw(const sg_layer_records *records, sg_image *const *pictures,
                             const char *const *labels, size_t count, const char *title,
                             sg_image **figure, sg_error *error);

/* Draws in *figure the spectra of the records, each whitened with its own statistics. Fails as
 * sg_spectrum_power and sg_heat_chart_draw do. */
sg_status sg_layer_spectra_draw(const sg_layer_records *records, int interpolation,
                                const char *title, sg_image **figure, sg_error *error);

#endif
