/* Contact sheets: the channels of a layer's features as pictures. */
#ifndef SG_LAYERS_LAYER_SHEET_H
#define SG_LAYERS_LAYER_SHEET_H

#include "base/number_list.h"
#include "image/image.h"
#include "layers/layer_view.h"

/* How channels become pictures; borrowed. */
typedef struct sg_layer_levels {
    const sg_number_list *channels; /* those shown; without any, the first SG_SHOWN_CHANNELS */
    int colours;    /* 1: a grey picture of each channel; 3: each with the next two as RGB */
    bool normalise; /* divides a channel by its largest magnitude in the picture */
    double gain;    /* in decibels: of 20, features are shown ten times as large */
    bool plain;     /* pictures alone, side by side, without numbers and enlargement */
} sg_layer_levels;

enum { SG_SHOWN_CHANNELS = 64 };

/*
 * Draws the channels in *sheet, which the caller destroys: grey, or red, green and blue, from black
 * at -1 to white at 1, as a network's pictures. The title stands above. *sheet is NULL where the
 * layer has none of the channels. Fails as sg_page_create does.
 */
sg_status sg_layer_sheet_draw(const sg_layer_view *view, const sg_layer_levels *levels,
                              const char *title, sg_image **sheet, sg_error *error);

#endif
