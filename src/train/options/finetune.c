/* Values for fine-tuning; see finetune.h. */
#include "train/options/finetune.h"

#include "models/family.h"
#include "train/losses/adversarial.h"

enum { TRAINED_RESOLUTION = 16, MOST_FROZEN = 10 };

/* Returns how many layers the discriminator has above 16x16, at most 10. */
static int layers_above(const sg_discriminator_config *c)
{
    const bool grows = sg_family_of(c->family)->grows;
    const bool residual = !grows && c->architecture == SG_ARCHITECTURE_RESNET;
    const bool each_takes_colours = grows || c->architecture == SG_ARCHITECTURE_SKIP;
    int layers = 0;
    for (int r = c->img_resolution; r > TRAINED_RESOLUTION; r /= 2)
        layers += 2 + residual + (each_takes_colours || r == c->img_resolution);
    return layers < MOST_FROZEN ? layers : MOST_FROZEN;
}

void sg_finetune_augment(const sg_given *given, sg_trainer_options *options)
{
    if (!SG_TRAINING_GIVEN(given, trainer.augment.mode) &&
        sg_adversarial_loss_of(options->loss)->signed_scores)
        options->augment.mode = SG_AUGMENT_ADAPTIVE;
}

void sg_finetune_set(const sg_given *given, sg_trainer_options *options)
{
    const bool g = !SG_TRAINING_GIVEN(given, trainer.g_rate);
    const bool d = !SG_TRAINING_GIVEN(given, trainer.d_rate);
    options->g_rate *= g ? 0.5 : 1;
    options->d_rate *= d ? 0.5 : 1;
    for (int i = 0; i < SG_GROWING_LEVELS; i++) {
        options->growing.g_rate[i] *= g ? 0.5 : 1;
        options->growing.d_rate[i] *= d ? 0.5 : 1;
    }
    if (!SG_TRAINING_GIVEN(given, trainer.freezing.d_layers) &&
        !sg_family_of(options->discriminator.family)->plain_weights)
        options->freezing.d_layers = layers_above(&options->discriminator);
}

void sg_finetune_describe(const sg_given *given, const sg_trainer_options *options, sg_text *lines)
{
    static const char rates[] = "half the usual rate (Mo et al. 2020)";
    static const char as_given[] = "as given";
    sg_text_append(lines, "Fine-tuning: \"generator_rate\" %g, %s\n", options->g_rate,
                   SG_TRAINING_GIVEN(given, trainer.g_rate) ? as_given : rates);
    sg_text_append(lines, "Fine-tuning: \"discriminator_rate\" %g, %s\n", options->d_rate,
                   SG_TRAINING_GIVEN(given, trainer.d_rate) ? as_given : rates);
    sg_text_append(lines, "Fine-tuning: \"freeze_discriminator\" %d, %s\n",
                   options->freezing.d_layers,
                   SG_TRAINING_GIVEN(given, trainer.freezing.d_layers)
                       ? as_given
                       : "the layers above 16x16, at most 10 (Mo et al. 2020)");
    const char *augmentation = "adaptive augmentation (Karras et al. 2020)";
    if (SG_TRAINING_GIVEN(given, trainer.augment.mode))
        augmentation = as_given;
    else if (!sg_adversarial_loss_of(options->loss)->signed_scores)
        augmentation = "since scores of this loss have no sign that means real";
    sg_text_append(lines, "Fine-tuning: \"augment\" \"%s\", %s\n",
                   sg_choice_name(&sg_augment_choices, (size_t)options->augment.mode),
                   augmentation);
}
