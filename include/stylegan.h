/*
 * stylegan.h: the public interface of libstylegan.
 *
 * Conventions
 *   - Every call that can fail returns an sg_status. It clears the caller's sg_error, which may be
 *     NULL and needs no initial value, and on failure fills it with one sentence that names the
 *     file, option or tensor at fault.
 *   - Options are plain structs. Call sg_X_options_init first, then change members: those that a
 *     later version adds then have their defaults.
 *   - Handles are opaque. sg_X_close frees what sg_X_open returned, and accepts NULL.
 *   - Texts and arrays are borrowed until the call returns. Paths are in UTF-8, or in the system's
 *     own encoding.
 *   - The library never prints, exits or aborts on input, and has no global state: everything lives
 *     in an sg_context. A context, with all that was opened in it, serves one thread at a time;
 *     several threads work at once with a context each.
 */
#ifndef STYLEGAN_H
#define STYLEGAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Marks the symbols that the shared library exports; all others are hidden. */
#if defined(__GNUC__)
#define SG_PUBLIC __attribute__((visibility("default")))
#else
#define SG_PUBLIC
#endif

/* The result of a call; SG_OK is 0. */
typedef enum sg_status {
    SG_OK = 0,
    SG_ERROR_MEMORY,    /* an allocation failed */
    SG_ERROR_ARGUMENT,  /* an option or parameter is out of range or contradicts another */
    SG_ERROR_FILE,      /* a file cannot be opened, read or written */
    SG_ERROR_FORMAT,    /* the content of a file breaks the rules of its format */
    SG_ERROR_SHAPE,     /* tensors do not fit together */
    SG_ERROR_NUMERIC,   /* a NaN or infinity instead of a number */
    SG_ERROR_CANCELLED, /* a callback asked to stop */
    SG_ERROR_LIBRARY    /* a library underneath failed */
} sg_status;

/* After success, status is SG_OK and message is empty. A message does not end in a newline. */
typedef struct sg_error {
    sg_status status;
    char message[1000];
} sg_error;

/* Returns the library's version, such as "0.1.0". */
SG_PUBLIC const char *sg_version(void);

/* ---- contexts ---- */

/* Memory, threads and all other state that calls share. */
typedef struct sg_context sg_context;

typedef struct sg_context_options {
    int threads; /* of calls with this context, at most 4096; 0 (the default): all processors */
    bool exact;  /* convolve directly, without the faster algorithms whose results differ by
                    rounding (about 1e-5 of a picture's range); false by default */
    bool map;    /* leave the weights of safetensors files in the file, which takes less memory for
                    large networks: the file must then not be shortened or changed while its models
                    are open, or the process ends by SIGBUS and pictures change; false by default */
    uint64_t memory; /* bytes that the process may have: what takes more is refused before it
                        begins, and fails otherwise; 0 (the default): what the machine has */
} sg_context_options;

/* Sets the defaults. */
SG_PUBLIC void sg_context_options_init(sg_context_options *options);

/*
 * Opens a context in *context (NULL on failure), which the caller closes. `options` may be NULL for
 * the defaults. Fails with SG_ERROR_ARGUMENT or SG_ERROR_MEMORY.
 */
SG_PUBLIC sg_status sg_context_open(const sg_context_options *options, sg_context **context,
                                    sg_error *error);

/* Frees a context. Close the models that were opened in it first. */
SG_PUBLIC void sg_context_close(sg_context *context);

/* ---- models ---- */

/* A trained generator, ready to paint. */
typedef struct sg_model sg_model;

/* The sizes of a model and its pictures. */
typedef struct sg_model_info {
    int z_dim;      /* numbers in a latent */
    int c_dim;      /* classes, or numbers in a label; 0: the model is unconditional */
    int w_dim;      /* numbers in a mapped latent */
    int num_ws;     /* inputs for mapped latents, which truncation_cutoff counts */
    int resolution; /* img_resolution of official networks: 4 times the ratio of a picture's side
                       to the first block's; of square pictures, the side */
    int width;      /* of a picture, pixels */
    int height;
    int channels; /* 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA, or more */
} sg_model_info;

/*
 * Loads the generator of a network file (the averaged one, G_ema, if there is one) into *model
 * (NULL on failure), which the caller closes before `context`. The file may have any format that
 * `stylegan info` reads; nothing in it is executed. Fails with SG_ERROR_FILE, SG_ERROR_FORMAT for a
 * file without a generator, or SG_ERROR_MEMORY.
 */
SG_PUBLIC sg_status sg_model_open(sg_context *context, const char *path, sg_model **model,
                                  sg_error *error);

/* Frees a model. */
SG_PUBLIC void sg_model_close(sg_model *model);

/* Fills *info. */
SG_PUBLIC void sg_model_get_info(const sg_model *model, sg_model_info *info);

/* Where the noise comes from that varies fine detail. */
typedef enum sg_noise_mode {
    SG_NOISE_CONST,  /* stored with the network, the same for every picture */
    SG_NOISE_RANDOM, /* drawn from the seed */
    SG_NOISE_NONE    /* no noise */
} sg_noise_mode;

/* A picture to paint; the comments end with the defaults. */
typedef struct sg_picture_options {
    uint32_t seed;            /* of the latent, drawn as the official programs do; 0 */
    const float *latent;      /* z_dim numbers instead of the seed's; NULL: the seed's */
    int class_index;          /* 0 to c_dim - 1, needed by a conditional model, ignored by others;
                                 -1: none */
    const float *label;       /* c_dim numbers in place of a class; NULL: the class */
    double truncation;        /* psi, any number: smaller ones give more typical pictures, 0 the
                                 average one; 1: no truncation */
    int truncation_cutoff;    /* truncates only this many inputs, from the coarsest; -1: all, but 8
                                 in a StyleGAN model of 2018 */
    sg_noise_mode noise_mode; /* SG_NOISE_CONST */

    /* Edits (docs/editing.md); NULL, 0 or false: none. Lists have semicolons between their items.
     */
    const char *w_sum; /* the w to start from in place of a seed or latent: "seed:1 - seed:2" */
    const char *directions; /* the file of directions that `move` names */
    const char *move;       /* "smile=2@0-7;age=-1": moves of w by so many sigmas, in some inputs */
    bool orthogonal;        /* the moves leave each other alone */
    const char *keep;       /* "glasses,age": further directions that they leave alone */
    const char *style;      /* "b16.conv1:45=3": shifts of style channels by standard deviations */
    const char *mix;        /* "seed:5=0.4@0-3": shares of other w */
    const char *layer_psi;  /* "0-3=0.5": truncations of some inputs */
    double radius;          /* largest distance from the center of truncation */
    double clamp;           /* largest deviation of a component of w, in standard deviations */
    int centers;            /* truncates towards the nearest of so many clusters of w */
} sg_picture_options;

/* Sets the defaults. */
SG_PUBLIC void sg_picture_options_init(sg_picture_options *options);

/*
 * Paints a picture into `pixels`: height * width * channels bytes, rows from top to bottom, the
 * channels of a pixel side by side. `size` is the size of the buffer in bytes. Fails with
 * SG_ERROR_ARGUMENT for an option out of range or a buffer that is too small, SG_ERROR_NUMERIC for
 * a latent that is not finite, or SG_ERROR_MEMORY.
 */
SG_PUBLIC sg_status sg_model_paint(sg_model *model, const sg_picture_options *options,
                                   uint8_t *pixels, size_t size, sg_error *error);

/*
 * Paints the network's own values, without rounding: floats of nominally -1 to 1. `count` is the
 * size of the buffer in floats. Fails as sg_model_paint does.
 */
SG_PUBLIC sg_status sg_model_paint_floats(sg_model *model, const sg_picture_options *options,
                                          float *values, size_t count, sg_error *error);

/*
 * Paints a picture into a PNG file at `path`, which is written whole or not at all. Text chunks say
 * how the picture was made. Of more than four channels, the file gets the first three. Fails as
 * sg_model_paint does, or with SG_ERROR_FILE.
 */
SG_PUBLIC sg_status sg_model_write_png(sg_model *model, const sg_picture_options *options,
                                       const char *path, sg_error *error);

/* ---- training ---- */

/*
 * Options of a training. The comments name the initial values of "stylegan2" and the option of
 * `stylegan train` with the same meaning. Zero or NULL means the value of the cfg, or none. Another
 * cfg may have -1 for batch, rates, channel_base, minibatch_group, gamma and ema_kimg: these follow
 * from the resolution of the pictures. What differs from the initial values of the cfg is taken as
 * given; values that only other networks or losses have a use for are refused.
 */
typedef struct sg_training_options {
    const char *cfg;    /* the kind of network: "stylegan2", "progan", "stylegan3-t" ..., listed by
                           `stylegan train --help` */
    const char *data;   /* the pictures: any data set that the program takes; needed */
    int resolution;     /* brings the pictures to squares of this side, a power of two, in a set
                           beside the run, which is trained on; 0: as they are */
    const char *outdir; /* folder that gets a new folder for the run; needed unless resuming */
    const char *desc;   /* words to end the name of the run's folder with; NULL: none */
    const char *resume; /* a run's folder to continue exactly. All options come from the run, except
                           rollback_on_nan, dry_run and any of data, kimg, tick_kimg,
                           snapshot_ticks, keep_snapshots and sheet_ticks set here; others that
                           differ from the run's own are refused */
    bool accept_changes; /* with resume: go on although the run's options, images or files were
                            changed since it was trained */
    const char *init;    /* a network file whose weights to start from */
    bool init_partly;    /* with init: go on although most of the networks starts at random */
    const char *network; /* encoders: the file of the generator whose w are told; nada: of the
                            generator that is moved; mapper: that it is for; NULL */
    const char *source_text, *target_text; /* nada: what the network paints and what its copy shall
                                              paint; NULL: no texts */
    const char *text;                      /* mapper: what its pictures shall show; NULL: no text */
    double latent_l2; /* mapper: weight of the mean square by which w move; 0.8 */
    const char
        *towards; /* nada, mapper: "smile=1,glasses=-0.5", attributes of `classifier`; NULL */
    const char *classifier; /* nada, mapper: the file of the classifier; NULL */
    const char
        *templates; /* nada: a file of prompts with {} for the texts; NULL: a list of our own */
    double lambda_direction; /* nada: weight of the loss of directions; 1 */
    double lambda_global;    /* nada: weight of the distance from the target; 0, towards 1 */
    double lambda_manifold;  /* nada: weight of the loss that moves pictures as far as texts; 0 */
    const char *direction_distance; /* nada: "cosine", "mse" or "mae" */
    int auto_layers;                /* nada: layers that train in each step; 0: all; half of them */
    int auto_layer_steps;           /* nada: steps of w that tell which layers matter; 1 */
    int auto_layer_batch;           /* nada: latents that tell which layers matter; 8 */
    const char *encoder_loss;       /* encoders: "pixel=1,lpips=0.8" ...; NULL: as fits */
    double own_share;     /* encoders: part of each batch that the generator paints; 0.5 */
    double code_weight;   /* encoders: weight of the differences from known w; 0.1 */
    double norm_weight;   /* encoders: weight of the distance from the mean of w; 0 */
    double delta_weight;  /* encoder-e4e: weight of the differences between codes; 0.0002 */
    double latent_weight; /* encoder-e4e: weight of the discriminator of w; 0.1 */
    double stage_kimg;    /* encoder-e4e: kimg from one difference to the next; 2 */
    bool finetune; /* with init: half the learning rates, a frozen part of the discriminator, and
                      "ada"; the log says what is set */
    double init_fade_kimg; /* with init of a lower resolution: thousands of pictures during which
                              the details of the data fade in; 0 */
    bool conditional;      /* train on the data's classes */
    bool mirror;           /* flip pictures left to right at random */
    bool mirror_y;         /* flip pictures top to bottom at random */
    int subset;            /* train on this many pictures, chosen by the seed; 0: all */
    const char *held_out; /* pictures that are scored at each tick and never trained on: "40" of the
                             data's own, or the path of another set; NULL: none */
    double kimg;          /* length, thousands of pictures seen; 0: as published, 25000 */
    double hours;         /* fit: how long the training may take; 0: 3 */
    double tick_kimg;     /* kimg between lines of statistics; 0: 4 */
    double epochs;        /* the length in passes over the data, in place of kimg; 0: kimg holds */
    int snapshot_ticks;   /* ticks between snapshots; 0: 50 */
    int keep_snapshots;   /* how many of the newest snapshots are kept; 0: all */
    int sheet_ticks;      /* ticks between sheets of pictures; 0: as snapshot_ticks */
    int batch;            /* pictures in a step; 32 */
    int batch_part;       /* pictures at a time, a divisor of batch: less memory; 0: all */
    const char *loss;     /* "logistic", "minimax", "lsgan", "hinge", "wgan", "wgan-gp" or "rpgan";
                             NULL: the cfg's. Other options' values follow from it unless given */
    const char *augment;  /* before the discriminator: "noaug", "ada" or "fixed"; NULL: the cfg's */
    double augment_p; /* probability of each augmentation, with "ada" at the start; negative (the
                         initial value): 0, with "fixed" 0.2 */
    const char *augment_pipe; /* which augmentations: "blit", "geom", "color", "filter", "noise",
                                 "cutout", "bg" ... "bgcfnc"; NULL: "bgc" */
    double augment_target;    /* ada: mean sign of the scores of real pictures to keep to; 0.6 */
    double augment_kimg;      /* ada: thousands of pictures in which augment_p can rise from 0 to 1;
                                 negative (the initial value): 500, with init 100 */
    double gamma;             /* weight of R1; negative (the initial value): the larger of 1 and
                                 0.0002 * pixels / batch */
    double r2_gamma;          /* weight of R2, the same penalty on generated pictures; 0; rpgan:
                                 gamma */
    double gp_weight;         /* weight of the gradient penalty; 10 under wgan-gp; another number
                                 gives other losses the penalty in place of R1 */
    double drift;             /* wgan-gp: weight of the squared scores of real pictures; 0.001 */
    double clip_weights;      /* wgan: largest weight of the discriminator; 0: no limit */
    double path_length_weight; /* weight of the path length penalty; 2; 0: none */
    int n_critic;              /* steps of the discriminator for each of the generator; 1 */
    const char *optimizer;     /* "adam" or "rmsprop"; NULL: the loss's */
    double generator_rate;     /* the optimisers' learning rates; 0.002 */
    double discriminator_rate; /* 0.002 */
    double clip_gradient;      /* largest norm of a phase's gradients; 0: no limit */
    double ema_kimg;           /* half-life of the averaged generator; -1: follows from the batch */
    int channel_base;          /* channels times resolution; 32768 */
    int channel_max;           /* most channels of a layer; 512 */
    int z_dim;                 /* width of the latents; 512 */
    int w_dim;                 /* width of the mapped latents; 512 */
    int mapping_layers;        /* layers of the mapping network; 8 */
    int minibatch_group;       /* pictures that the discriminator compares; 4; 0: none */
    const char *critic_norm;   /* dcgan: "batch", "layer" or "none"; NULL: the loss's */
    int freeze_discriminator;  /* layers of the discriminator that are not trained, counted from the
                                  highest resolution; 0 */
    int freeze_mapping;        /* layers of the mapping network that are not trained; 0 */
    bool freeze_embedding;     /* do not train the embedding of the labels */
    int freeze_generator;      /* do not train the generator's blocks up to this resolution; 0: all
                                  are trained */
    int initial_resolution;    /* resolution at which growing networks start; 0: they do not grow */
    double stable_kimg;        /* growing: thousands of pictures at each resolution */
    double fade_kimg;          /* growing: thousands of pictures while the next one fades in */
    const char *grow_batch;    /* growing: batches at some resolutions, "4:64,8:64"; NULL: none */
    int minibatch_repeats;     /* growing: steps between changes of the level of detail; 0 */
    uint64_t seed;             /* of every random number, at most 10^15; 0 */
    bool rollback_on_nan;      /* after a NaN, continue from the last snapshot with other random
                                  numbers instead of failing */
    bool dry_run;              /* only say what the training would take; leave nothing on disk */

    /* Parts that ablations leave out or change. */
    double beta1, beta2;        /* Adam's decays of the mean of gradients and of that of their
                                   squares; RMSProp has beta2 alone; -1: the cfg's, 0 and 0.99 */
    double epsilon;             /* of the optimisers; 1e-8 */
    int generator_interval;     /* steps from one path length penalty to the next; 0: in every step,
                                   within the generator's main phase; -1: the cfg's, 4 */
    int discriminator_interval; /* steps from one R1 to the next; 0: in every step; -1: the cfg's,
                                   16 */
    bool plain_rates;           /* no equalised learning rate: weights learn as if they were stored
                                   as they are used; takes rates of 0.0002 or so */
    double style_mixing_prob;   /* probability of mixing the styles of two latents; -1: the cfg's,
                                   0.9 */
    const char *g_arch;         /* how StyleGAN2's blocks are joined in the generator: "orig",
                                   "skip" or "resnet"; NULL: "skip" */
    const char *d_arch;         /* the same in the discriminator; NULL: "resnet" */
    bool use_noise;             /* false leaves out the noise inputs of StyleGAN and StyleGAN2 */
    bool const_input;           /* false, stylegan1: a layer makes the first features of w, where
                                   otherwise a learnt constant is */
    const char *resample_filter; /* taps of the filter that resamples, "1,3,3,1"; NULL: the cfg's */

    /* Further terms of the losses. */
    const char *gp_points;      /* where the gradient penalty is taken: "interpolated" or "fakes";
                                   NULL: interpolated, under wgan-gp alone unless gp_weight is set
                                 */
    double top_k;               /* share of its pictures, the best scored, that the generator learns
                                   from; 1 */
    double top_k_kimg;          /* thousands of pictures in which that share falls from 1; -1: 70
                                   passes over the data */
    double instance_noise;      /* deviation of noise on the discriminator's pictures; 0 */
    double instance_noise_kimg; /* thousands of pictures in which it falls to 0; -1: 70 passes */
} sg_training_options;

/* Sets the initial values of "stylegan2". */
SG_PUBLIC void sg_training_options_init(sg_training_options *options);

/* Sets the initial values of `cfg`, a text that must outlive the options. Fails with
 * SG_ERROR_ARGUMENT for an unknown name. */
SG_PUBLIC sg_status sg_training_options_init_for(sg_training_options *options, const char *cfg,
                                                 sg_error *error);

/* How far a training is. */
typedef struct sg_training_progress {
    double kimg;               /* thousands of pictures seen */
    double total_kimg;         /* thousands of pictures to be seen in all */
    double loss_generator;     /* mean since the last tick */
    double loss_discriminator; /* mean since the last tick; of a classifier its own */
    double seconds_per_kimg;   /* since the last tick */
    double augment_p;          /* probability of each augmentation; 0: none */
    double mean_sign;          /* of the discriminator's scores of real pictures since the last
                                  tick: r_t, near 1 when it knows them by heart */
} sg_training_progress;

/* Callbacks of a training; any member may be NULL. The thread that trains calls them. */
typedef struct sg_training_callbacks {
    void *user; /* passed to the functions */
    /* Takes the progress after every step; returns true to ask the training to save itself and end.
     */
    bool (*step)(void *user, const sg_training_progress *progress);
    /* Takes one line for people, without a newline; valid during the call. */
    void (*log)(void *user, const char *line);
} sg_training_callbacks;

/*
 * Trains, leaving sheets of pictures, curves, statistics and network files in the run's folder.
 * Writes the folder's path to `folder` (`folder_size` bytes, 4096 are always enough) as soon as the
 * folder exists; both may be NULL and 0, and so may `callbacks`. A training that a callback ends
 * returns SG_OK: it can be resumed from its folder. Fails with SG_ERROR_ARGUMENT for options that
 * are out of range or contradict each other, with SG_ERROR_NUMERIC after a NaN, or as the data or
 * files at fault demand; what was written before stays.
 */
SG_PUBLIC sg_status sg_train(sg_context *context, const sg_training_options *options,
                             const sg_training_callbacks *callbacks, char *folder,
                             size_t folder_size, sg_error *error);

#ifdef __cplusplus
}
#endif

#endif
