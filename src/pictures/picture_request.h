/*
 * What one picture is: the latent or w that it shows, how they are truncated, its noise, and where
 * it lies; and the file that it goes to. A request is a value: a copy shares with it only the
 * arrays and texts, which are borrowed.
 */
#ifndef SG_PICTURES_PICTURE_REQUEST_H
#define SG_PICTURES_PICTURE_REQUEST_H

#include "base/fields.h"
#include "base/random.h"
#include "edit/request/edit_request.h"
#include "latent/transform.h"
#include "nn/layer_tap.h"
#include "pictures/picture_network.h"

/* Where truncation leads at psi 0. */
typedef enum sg_center_kind { SG_CENTER_AVERAGE, SG_CENTER_SEED, SG_CENTER_FILE } sg_center_kind;

typedef struct sg_picture_center {
    sg_center_kind kind;
    uint32_t seed;    /* SG_CENTER_SEED: the w of this seed, in the picture's class */
    const char *file; /* SG_CENTER_FILE: a file of NumPy with one w */
    const float *ws;  /* what that file holds, [num_ws, w_dim], once it is read */
} sg_picture_center;

/* Style mixing: some inputs take the w of a second seed, which is truncated on its own. */
typedef struct sg_picture_mixing {
    bool used;
    uint32_t seed;
    const float *ws;    /* [num_ws, w_dim]: the w instead of a seed's, or NULL */
    const char *w_file; /* the name of their file */
    const bool *inputs; /* [num_ws]: which inputs; NULL: none */
    double share;       /* of the second seed's w in those inputs: 1, or less for a soft mix */
    const char *text;   /* the same as numbers, for the file's remarks */
} sg_picture_mixing;

/* The numbers of a label in place of a class, as they are given and once they are read. */
typedef struct sg_picture_label {
    const char *text;    /* "0.2,0.8" or "1=1,3=0.5"; NULL without */
    const cJSON *json;   /* a list of numbers; NULL without */
    const float *values; /* [c_dim]; NULL: the class counts */
} sg_picture_label;

typedef struct sg_picture_request {
    /* The source: w if there are any, otherwise a latent, otherwise the latent of a seed. */
    uint64_t seed;      /* at most 2^32 - 1 */
    const float *z;     /* [z_dim] */
    const float *ws;    /* [num_ws, w_dim] */
    const char *w_file; /* the file that `ws` is from, and its index there */
    uint64_t w_index;
    int class_index; /* 0 .. c_dim - 1; -1: not given; not read without c_dim */
    sg_picture_label label;
    sg_picture_mixing mixing;
    /* Truncation. */
    double psi; /* 1: none */
    int cutoff; /* inputs below it are truncated; negative and SG_ALL_INPUTS: latent/styles.h */
    sg_picture_center center;
    /* Edits of the truncated w and of styles; a plan's sum is the source instead of the above. */
    sg_edit_request edit;
    /* Synthesis. */
    sg_noise_mode noise_mode;
    sg_random *noise;       /* random noise is drawn here; NULL: from the stream of the seed, or of
                               w_index for w */
    uint32_t silent_layers; /* sg_synthesis_options.silent_layers */
    sg_transform transform;
    const sg_layer_tap *tap; /* looks at the features of layers; NULL: none */
    /* The file. */
    const char *folder; /* exists */
    const char *output; /* a path within `folder` that ends in ".png" */
    bool save_w;        /* the truncated w go beside it, to a file with ".npz" */
    int scale;          /* every pixel becomes a square of this side in the file; 0: one pixel */
} sg_picture_request;

/* The defaults, as an initialiser; `...` are more members. */
#define SG_PICTURE_REQUEST(...)                                                                    \
    {                                                                                              \
        .class_index = -1, .psi = 1, .cutoff = -1, __VA_ARGS__                                     \
    }

/* Returns the styles, truncated and edited, [1, num_ws, w_dim]; NULL (error in the context) on
 * failure. */
sg_tensor *sg_picture_styles(const sg_picture_network *network, const sg_picture_request *request);

/* Returns the noise stream of a request without one of its own. */
sg_random sg_picture_noise(const sg_picture_request *request);

/* Writes "seed0004", "proj03" for w, or "sum", to `name` of SG_SOURCE_NAME_BYTES; returns `name`.
 */
enum { SG_SOURCE_NAME_BYTES = 32 };
const char *sg_request_source_name(const sg_picture_request *request, char *name);

enum { SG_PICTURE_NAME_BYTES = 128 };

/*
 * Writes "seed0004-class2-trunc0.5.png", or "proj03..." for w, to `name` of SG_PICTURE_NAME_BYTES;
 * class and psi are left out unless asked for. Returns `name`.
 */
const char *sg_picture_name(const sg_picture_request *request, bool with_class, bool with_psi,
                            char *name);

/*
 * Returns the path of the picture's file, or of one beside it whose name ends in `extension` (four
 * bytes, such as ".npz"; NULL: the picture's own). The caller frees it; NULL on lack of memory.
 */
char *sg_picture_path(const sg_picture_request *request, const char *extension);

#endif
