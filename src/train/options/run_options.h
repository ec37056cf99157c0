/* What a training run is told besides its trainer's options: data, folders, length. */
#ifndef SG_TRAIN_OPTIONS_RUN_OPTIONS_H
#define SG_TRAIN_OPTIONS_RUN_OPTIONS_H

#include "base/fields.h"
#include "metrics/measure/metric_list.h"
#include "train/options/trainer_options.h"

/* Sizes of sheets of pictures: about 1024x640 pixels, 1920x1080, 3840x2160 and 7680x4320. */
typedef enum sg_sheet_size {
    SG_SHEET_USUAL,
    SG_SHEET_1080P,
    SG_SHEET_4K,
    SG_SHEET_8K
} sg_sheet_size;

/* Pictures that are scored at each tick and never trained on. */
typedef struct sg_held_out {
    int count;                /* of the data's own, the last of the order that a subset is the first
                                 of; 0: none */
    char path[SG_PATH_BYTES]; /* of another data set; empty: none */
} sg_held_out;

/* Reads "N" or a path, for a row of fields. */
extern const sg_field_codec sg_held_out_codec;

/* Reads the path of a file, which is kept; for a row of fields of SG_PATH_BYTES. */
extern const sg_field_codec sg_path_codec;

/* Texts are borrowed. The rows of train/options/training_fields.c describe the members. */
typedef struct sg_run_options {
    const char *data;   /* path of the data set; empty: none */
    int resolution;     /* bring the data to squares of this side first; 0: as it is */
    const char *outdir; /* folder in which the run gets a folder of its own */
    const char *desc;   /* words at the end of that folder's name; NULL: none */
    const char *folder; /* the run's own folder, made where it is missing; NULL: a new one in
                           outdir */
    int cfg;            /* index of the preset in sg_presets */
    sg_trainer_options trainer; /* channels, size and labels are taken from the data set */
    bool conditional;           /* train on the data set's labels */
    bool mirror;                /* flip images left to right at random */
    bool mirror_y;              /* flip images top to bottom at random */
    int subset;                 /* train on this many images, chosen by the seed; 0: all */
    sg_held_out held_out;       /* pictures to compare the discriminator's scores on */
    double hours;               /* cfg fit: how long the training may take */
    double kimg;                /* total length, thousands of real images */
    double epochs;   /* the length in passes over the data, which sets kimg; 0: not given */
    double tick;     /* kimg between lines of statistics */
    int snap;        /* ticks between network snapshots, with their sheets */
    int keep;        /* snapshots that are kept, the newest ones; 0: all */
    int sheet_ticks; /* ticks between sheets of pictures; 0: as snap */
    sg_sheet_size sheet_size; /* of sheets of pictures */
    bool plain;               /* sheets are pictures alone, without labels and gaps */
    sg_metric_list metrics;   /* what is measured at snapshots */
    int metrics_every;        /* snapshots from one that is measured to the next */
    int metrics_nice;         /* niceness of the threads that measure */
    const char *features;     /* files of feature networks, with commas between; NULL: none given */
    bool nan_rollback;        /* after a NaN, continue from the last snapshot with other random
                                 numbers instead of failing */
    bool dry_run;             /* end after the forecast, leaving nothing on disk */
    const char *resume;       /* run folder to continue exactly; NULL: a new one in outdir */
    bool accept_changes;      /* with resume: go on although options, images or files changed */
    const char *init;         /* network file to take weights from; NULL: initial weights */
    char network[SG_PATH_BYTES]; /* file of the generator that an encoder is for, or that is moved;
                                    empty: none */
    sg_nada_words words;         /* what a generator is moved from and to */
    bool finetune;               /* rates and frozen layers as the literature advises with init */
    double init_fade_kimg;       /* kimg in which the details fade in that init's network lacks */
    bool init_partly;            /* init may leave most of the networks at random */
} sg_run_options;

/* Returns cfg stylegan2, 25000 kimg, ticks of 4 kimg, snapshots every 50, the trainer's defaults.
 */
sg_run_options sg_run_options_default(void);

/* Files that "features" names, with the text that they are parts of. */
enum { SG_MOST_FEATURE_FILES = 16 };
typedef struct sg_feature_list {
    char text[SG_PATH_BYTES];
    const char *files[SG_MOST_FEATURE_FILES];
    size_t count;
} sg_feature_list;

/* Splits `features` (NULL: none) into *list, which must not be moved. Fails with SG_ERROR_ARGUMENT
 * for more than SG_MOST_FEATURE_FILES. */
sg_status sg_feature_list_split(const char *features, sg_feature_list *list, sg_error *error);

#endif
