/* The state of a training run: run_setup.c prepares it, run.c trains. Private to this room;
 * train/run/run.h is the interface. */
#ifndef SG_TRAIN_RUN_RUN_STATE_H
#define SG_TRAIN_RUN_RUN_STATE_H

#include "base/text.h"
#include "data/loader.h"
#include "train/options/run_options.h"
#include "train/run/run_callbacks.h"
#include "train/run/run_folder.h"
#include "train/run/run_identity.h"
#include "train/run/sheets.h"
#include "train/run/warnings.h"
#include "train/step/trainer.h"

typedef struct sg_run_state {
    sg_context *context;
    sg_run_options options;
    const sg_given *given;       /* which of them are set; NULL: all, and they are complete */
    sg_given chosen;             /* `given` and what fitted options add; `given` points here then */
    double seconds;              /* that a run of cfg fit may take; 0: its length is given */
    struct sg_work_times *times; /* of calls, from fitting to the forecast; NULL before and after */
    sg_text choices;             /* lines about what was chosen, for people */
    sg_run_callbacks callbacks;
    sg_saved_options saved;     /* what a resumed run's options point into */
    char folder[SG_PATH_BYTES]; /* empty until it exists */
    sg_run_identity identity;   /* for its training states */
    int lock;                   /* of the folder (base/files/lock_file.h) */
    char cache[SG_PATH_BYTES];  /* the archive that options.data may name */
    sg_text notes;              /* lines about the data, for people */
    sg_text transfer;           /* lines about weights of another file */
    sg_dataset *dataset;        /* NULL in a dry run whose data would be converted */
    sg_dataset_info info;
    sg_dataset *held_out;  /* what is only scored; NULL: nothing */
    sg_dataset *reduced;   /* the data at the loader's resolution; NULL: at the full one */
    sg_loader *loader;     /* NULL until the first batch is asked for */
    int batch, resolution; /* of the loader's pictures */
    sg_context *hollow;    /* a dry run's, in which its networks have no values; NULL: none */
    double base_bytes;     /* of the process without networks */
    double forecast_tick, forecast_rest; /* seconds of the first tick, and from there to the end;
                                            0: nothing was forecast, or it has been corrected */
    sg_trainer *trainer;
    float *sheet_labels; /* what `sheet` borrows */
    sg_sheet sheet;
    sg_statistics statistics;
    float *images, *labels;        /* one batch */
    struct sg_background *metrics; /* measures snapshots; NULL: nothing is measured */
    sg_feature_list features;      /* options.features, split */
    uint64_t total_images;
    uint64_t tick_images; /* tick t ends after t + 1 times this many images */
    int tick, rollbacks;
    sg_warning_record won, collapsed, broken, overfit;
    bool symmetry_known;      /* whether the next is measured */
    bool is_symmetric;        /* whether pictures may be mirrored (sg_mirror_fits) */
    double real_spread;       /* of real pictures (sg_picture_spread) */
    double held_out_share;    /* running mean of r_v (sg_held_out_share) */
    double loss_g;            /* of the generator, as shown last */
    double held_out_accuracy; /* of a classifier at the last tick; 0: none yet */
    double started, start_kimg, tick_started, tick_kimg;
} sg_run_state;

/*
 * Does everything before the first step: opens the data, creates networks, folder and the sheet of
 * real pictures, or restores a run that is resumed. The context, the options, given and the
 * callbacks of the run are set, the rest is zero.
 */
sg_status sg_run_prepare(sg_run_state *run, sg_error *error);

/* Frees what sg_run_prepare made, whether or not it succeeded. */
void sg_run_release(sg_run_state *run);

/*
 * Opens the data set, with its labels if the run is conditional. Fails with SG_ERROR_ARGUMENT for
 * missing labels, or as sg_dataset_open and sg_run_convert_data do.
 */
sg_status sg_run_open_data(sg_run_state *run, sg_error *error);

/*
 * Chooses what a classifier's outputs mean: classes where each label is one, or shares of all that
 * add up to 1; otherwise attributes. Fails with SG_ERROR_ARGUMENT for fewer than two classes, and
 * for attributes that are neither from 0 to 1 nor -1.
 */
sg_status sg_run_choose_output(sg_run_state *run, sg_error *error);

/* Adds the discriminator's scores of the held-out pictures to the statistics; does nothing without
 * such pictures. */
sg_status sg_run_score_held_out(sg_run_state *run, sg_error *error);

/* Chooses the options of cfg fit by the data, the machine and the time, and says so. Does nothing
 * for other cfgs. Fails as opening the data does. */
sg_status sg_run_fit(sg_run_state *run, sg_error *error);

/* Sets the run's last image by its length: a whole number of batches, unless batches grow. */
void sg_run_set_length(sg_run_state *run);

/* Returns what decides which advice fits the training. */
sg_advice_case sg_run_advice_case(sg_run_state *run);

/* Writes training_options.json, and notes the options for training states. */
sg_status sg_run_write_options(sg_run_state *run, sg_error *error);

/* Says how long the training will take, at which date it ends, and how much memory it needs. */
sg_status sg_run_forecast(sg_run_state *run, sg_error *error);

/* Fails with SG_ERROR_MEMORY for a training that exceeds the memory there is, before it is taken; a
 * dry run is told. */
sg_status sg_run_check_memory(sg_run_state *run, sg_error *error);

/* Corrects the forecast by what the first tick of this run took, and says so; after each tick,
 * moves the end of a run of cfg fit to where its time ends. */
void sg_run_correct_forecast(sg_run_state *run, double tick_seconds, double tick_kimg);

/* Takes the run's folder for this process, as two that write it would tear the run apart. */
sg_status sg_run_lock_folder(sg_run_state *run, sg_error *error);

/* Notes what the run's training states say of its images. */
sg_status sg_run_identify_data(sg_run_state *run, sg_error *error);

/*
 * Notes what the states say of the files of a training towards something: of the network, the
 * classifier and the templates; then, when the trainer is made, of what reads its pictures and
 * texts. Fails at a resume as sg_run_identity_check_file does, unless the options accept changes.
 */
sg_status sg_run_identify_files(sg_run_state *run, sg_error *error);
sg_status sg_run_identify_goal(sg_run_state *run, sg_error *error);

/* Fails if the run's options or images are not those that its newest state was made with, unless
 * the options accept changes. */
sg_status sg_run_check_identity(sg_run_state *run, sg_error *error);

/* Loads the newest snapshot that is whole (sg_snapshot_load), and says which it passed over. */
sg_status sg_run_load_snapshot(sg_run_state *run, bool *loaded, sg_error *error);

/* The same; fails with SG_ERROR_FILE when there is none. */
sg_status sg_run_load_resumed(sg_run_state *run, sg_error *error);

/*
 * Returns to the newest snapshot (to the start when there is none); random numbers and the order of
 * the data differ from there on.
 */
sg_status sg_run_roll_back(sg_run_state *run, sg_error *error);

/*
 * Reads the batch for the next step into run->images and run->labels. Opens another loader when the
 * resolution or the batch of the step differs from the last one's.
 */
sg_status sg_run_load_batch(sg_run_state *run, sg_error *error);

/* Returns the thousands of real images seen so far. */
double sg_run_kimg(const sg_run_state *run);

/* Writes the sheet of the averaged generator's pictures at this point. */
sg_status sg_run_paint(sg_run_state *run, sg_error *error);

/* Tells people a line and appends it to log.txt; a log that cannot be written does not end a
 * training. */
void sg_run_say(sg_run_state *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
