/* The stage of growing of a trainer; see trainer_state.h. */
#include "train/step/trainer_state.h"

#include <math.h>

#include "train/options/loss_options.h"
#include "train/step/trainer.h"

double sg_lazy_share(int interval)
{
    return interval > 0 ? (double)interval / (interval + 1) : 1;
}

/* Returns the stage after so many images; always the same one unless networks grow. */
static sg_growing_stage stage_after(const sg_trainer_options *o, uint64_t images)
{
    if (o->growing.initial_resolution > 0)
        return sg_growing_at(&o->growing, o->generator.img_resolution, (double)images);
    return (sg_growing_stage){.resolution = o->generator.img_resolution,
                              .batch = o->batch,
                              .g_rate = o->g_rate,
                              .d_rate = o->d_rate};
}

/* Tells whether the next step takes its stage from the schedule anew. */
static bool is_due(const sg_trainer *trainer)
{
    const sg_trainer_options *o = &trainer->options;
    int steps = o->n_critic * (o->growing.repeats > 0 ? o->growing.repeats : 1);
    return trainer->steps % (uint64_t)steps == 0;
}

sg_growing_stage sg_trainer_stage(const sg_trainer *trainer)
{
    return is_due(trainer) ? stage_after(&trainer->options, trainer->images) : trainer->stage;
}

int64_t sg_stage_height(const sg_trainer *trainer)
{
    return sg_discriminator_height(&trainer->options.discriminator) >>
           (int)floor(trainer->stage.lod);
}

int64_t sg_stage_width(const sg_trainer *trainer)
{
    return sg_discriminator_width(&trainer->options.discriminator) >>
           (int)floor(trainer->stage.lod);
}

static void enter(sg_trainer *trainer, sg_growing_stage stage)
{
    const sg_trainer_options *o = &trainer->options;
    trainer->stage = stage;
    trainer->samples = sg_batch_part(o, stage.batch);
    if (trainer->discriminator)
        sg_discriminator_set_lod(trainer->discriminator, stage.lod);
    if (trainer->generator) {
        sg_generator_set_lod(trainer->generator, stage.lod);
        sg_generator_set_lod(trainer->average, stage.lod);
        sg_optimiser_set_rate(trainer->g_optimiser, stage.g_rate * sg_lazy_share(o->g_interval));
    }
    if (trainer->d_optimiser)
        sg_optimiser_set_rate(trainer->d_optimiser, stage.d_rate * sg_lazy_share(o->d_interval));
}

void sg_stage_restore(sg_trainer *trainer, uint64_t images)
{
    trainer->stage_images = images;
    enter(trainer, stage_after(&trainer->options, images));
}

void sg_stage_enter(sg_trainer *trainer)
{
    if (!is_due(trainer))
        return;
    double before = trainer->stage.lod;
    sg_stage_restore(trainer, trainer->images);
    if (!sg_growing_changes_layers(before, trainer->stage.lod))
        return;
    sg_optimiser_reset(trainer->g_optimiser);
    sg_optimiser_reset(trainer->d_optimiser);
}
