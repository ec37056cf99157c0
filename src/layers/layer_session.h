/* One call that looks at layers: what is kept of their features, and the files that it writes. */
#ifndef SG_LAYERS_LAYER_SESSION_H
#define SG_LAYERS_LAYER_SESSION_H

#include "layers/layer_record.h"
#include "layers/layer_sheet.h"
#include "pictures/figure_labels.h"
#include "pictures/picture_metadata.h"

enum { SG_MOST_LAYERS = 256 };

/* What to look at; everything is borrowed. */
typedef struct sg_layers_options {
    const char *chosen; /* names of layers or blocks, separated by commas; NULL: all */
    sg_layer_levels levels;
    bool sheets;                  /* a contact sheet of every layer and picture */
    sg_layer_recording recording; /* without pictures and maps, which are set here */
} sg_layers_options;

/* A call; set the first members, open it, close it. */
typedef struct sg_layer_session {
    const sg_layers_options *options;
    sg_layer_records *records; /* the caller's */
    const char *folder;        /* exists; NULL: nothing is written */
    const char *network;       /* the name of its file */
    size_t count;              /* pictures at most, 1 or more */
    size_t seen;               /* so far */
    sg_image **pictures;       /* [count], owned, as are the labels */
    sg_labels labels;
    size_t sheets; /* written */
} sg_layer_session;

/* The picture whose features are recorded. */
typedef struct sg_layer_source {
    const char *name; /* begins the names of its sheets: "seed0004" */
    void *user;
    void (*remark)(void *user, sg_remarks *remarks); /* starts the remarks of its files */
} sg_layer_source;

/* Allocates for `count` pictures. Fails with SG_ERROR_MEMORY. */
sg_status sg_layer_session_open(sg_layer_session *session, sg_error *error);

/* Records a layer's features, if it is chosen, and writes its sheet. Fails as recording and writing
 * do. */
sg_status sg_layer_session_record(sg_layer_session *session, const sg_layer_view *view,
                                  const sg_layer_source *source, sg_error *error);

/* Keeps the next picture, with its label, for the figure; there are at most `count`. */
sg_status sg_layer_session_picture(sg_layer_session *session, const sg_image *image,
                                   const char *label, sg_error *error);

/* Writes figures, with these remarks, and tables. Fails with SG_ERROR_ARGUMENT when sheets were
 * asked for and no layer has channels of the list, and as drawing and writing do. */
sg_status sg_layer_session_write(const sg_layer_session *session, const sg_remarks *remarks,
                                 sg_error *error);

/* Frees what the session owns. */
void sg_layer_session_close(sg_layer_session *session);

#endif
