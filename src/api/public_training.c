/* Training as programs outside see it: sg_training_options read by the table of its fields
 * (train/options/training_fields.h) and handed to train/run/run.h. */
#include "api/call.h"
#include "tensor/context.h"
#include "train/options/preset_resolve.h"
#include "train/run/run.h"

/* ---- options ---- */

static sg_status find_preset(const char *cfg, const sg_preset **preset, sg_error *error)
{
    char names[256];
    *preset = cfg ? sg_preset_find(cfg) : NULL;
    if (*preset)
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT, "cfg is %s%s%s, but must be %s", cfg ? "\"" : "",
                   cfg ? cfg : "missing", cfg ? "\"" : "",
                   sg_choice_list(&sg_preset_choices, names, sizeof names));
}

/*
 * Length, ticks and snapshots stay 0, which means: as published, or as the resumed run has it.
 * Other members do not show the cfg's values either, so that setting another cfg afterwards takes
 * them.
 */
static void init_for(sg_training_options *options, const sg_preset *preset)
{
    const sg_run_options published = {.trainer = sg_preset_options(preset)};
    *options = (sg_training_options){0};
    sg_fields_to_public(&sg_training_table, &published, options);
    options->cfg = preset->name;
    options->beta1 = options->beta2 = options->style_mixing_prob = SG_FOLLOWS;
    options->generator_interval = options->discriminator_interval = SG_FOLLOWS;
    options->use_noise = options->const_input = true;
}

void sg_training_options_init(sg_training_options *options)
{
    init_for(options, &sg_presets[0]);
}

sg_status sg_training_options_init_for(sg_training_options *options, const char *cfg,
                                       sg_error *error)
{
    const sg_preset *preset;
    sg_error_clear(error);
    SG_TRY(find_preset(cfg, &preset, error));
    init_for(options, preset);
    return SG_OK;
}

/* What differs from the cfg's initial values is given. */
static sg_status read_options(const sg_training_options *options, sg_run_options *values,
                              sg_given *given, sg_error *error)
{
    const sg_preset *preset;
    sg_training_options published;
    sg_training_options asked = *options;
    SG_TRY(find_preset(options->cfg, &preset, error));
    init_for(&published, preset);
    asked.cfg = published.cfg;
    values->cfg = (int)(preset - sg_presets);
    /* A negative gamma asks for the rule where a cfg has a number of its own. */
    if (asked.gamma < 0 && published.gamma >= 0) {
        asked.gamma = published.gamma;
        values->trainer.gamma = SG_FOLLOWS;
        sg_given_set_at(&sg_training_table, given, offsetof(sg_run_options, trainer.gamma));
    }
    SG_TRY(sg_fields_from_public(&sg_training_table, &asked, &published, values, given, error));
    return sg_training_check_given(values, given, error);
}

/* ---- callbacks ---- */

static bool pass_step(void *user, const sg_run_progress *progress)
{
    const sg_training_callbacks *callbacks = user;
    const sg_training_progress told = {.kimg = progress->kimg,
                                       .total_kimg = progress->total_kimg,
                                       .loss_generator = progress->loss_g,
                                       .loss_discriminator = progress->loss_d,
                                       .seconds_per_kimg = progress->seconds_per_kimg,
                                       .augment_p = progress->augment_p,
                                       .mean_sign = progress->mean_sign};
    return callbacks->step && callbacks->step(callbacks->user, &told);
}

static void pass_line(void *user, const char *line)
{
    const sg_training_callbacks *callbacks = user;
    if (callbacks->log)
        callbacks->log(callbacks->user, line);
}

sg_status sg_train(sg_context *context, const sg_training_options *options,
                   const sg_training_callbacks *callbacks, char *folder, size_t folder_size,
                   sg_error *error)
{
    sg_training_callbacks told = callbacks ? *callbacks : (sg_training_callbacks){0};
    sg_run_options values = sg_run_options_default();
    sg_run_options resolved;
    sg_given given = {0};
    sg_error_clear(error);
    SG_TRY(read_options(options, &values, &given, error));
    if (!values.resume)
        SG_TRY(sg_preset_resolve(&values, &given, 0, &resolved, error));
    const sg_run_callbacks run_callbacks = {.user = &told, .step = pass_step, .log = pass_line};
    const int threads = sg_call_begin(context);
    const sg_status status =
        sg_run(context, &values, &given, &run_callbacks, folder, folder_size, error);
    sg_call_end(threads);
    return status;
}
