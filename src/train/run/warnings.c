/* Warnings of a training that goes wrong without an error; see warnings.h. */
#include "train/run/warnings.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "train/run/sheets.h"

double sg_picture_spread(const float *pictures, int64_t samples, int64_t values)
{
    double variance = 0;
    for (int64_t i = 0; i < values; i++) {
        double sum = 0;
        double squares = 0;
        for (int64_t n = 0; n < samples; n++) {
            double value = (double)pictures[n * values + i];
            sum += value;
            squares += value * value;
        }
        double mean = sum / (double)samples;
        variance += fmax(squares / (double)samples - mean * mean, 0);
    }
    return sqrt(variance / (double)values);
}

double sg_generator_spread(sg_generator *generator, const float *label, uint64_t seed)
{
    sg_context *context = sg_generator_parameters(generator)->context;
    size_t scope = sg_scope_open(context);
    int classes = sg_generator_config_of(generator)->c_dim;
    sg_sheet sheet = {.columns = 16, .rows = 1, .classes = classes > 0 ? 1 : 0, .labels = label};
    const sg_tensor *pictures = sg_sheet_row(&sheet, generator, seed, 0);
    double spread = -1;
    if (pictures)
        spread = sg_picture_spread(sg_f32(pictures), sheet.columns,
                                   sg_tensor_count(pictures) / sheet.columns);
    sg_scope_close(context, scope, NULL);
    sg_context_take_error(context, NULL);
    return spread;
}

/* Writes "A, b or c help." of the items that are not NULL, the first of them capitalised. */
static void write_advice(char *text, size_t size, const char *const *items, size_t count)
{
    const char *chosen[8];
    size_t found = 0;
    size_t length = 0;
    for (size_t i = 0; i < count && found < sizeof chosen / sizeof chosen[0]; i++)
        if (items[i])
            chosen[found++] = items[i];
    for (size_t i = 0; i < found && length < size; i++) {
        const char *before = i == 0 ? "" : i + 1 == found ? " or " : ", ";
        const int written = snprintf(text + length, size - length, "%s%s", before, chosen[i]);
        length += written > 0 ? (size_t)written : 0;
    }
    if (length < size)
        snprintf(text + length, size - length, " help%s.", found == 1 ? "s" : "");
    text[0] = (char)toupper((unsigned char)text[0]);
}

const char *sg_discriminator_won(const sg_statistics *statistics, const sg_advice_case *training,
                                 char *text)
{
    enum { MANY_PICTURES = 20000 };
    const sg_moments *m = statistics->moments;
    /* Under Wasserstein losses scores have no zero that means anything. */
    if (m[SG_STATISTIC_SIGNS_REAL].count == 0 || m[SG_STATISTIC_DISTANCE].count > 0 ||
        sg_moments_mean(&m[SG_STATISTIC_SIGNS_REAL]) < 0.98 ||
        sg_moments_mean(&m[SG_STATISTIC_SIGNS_FAKE]) > -0.98 ||
        (sg_moments_mean(&m[SG_STATISTIC_LOSS_G]) < 4 &&
         sg_moments_mean(&m[SG_STATISTIC_SCORES_FAKE]) > -4))
        return NULL;
    const char *const advice[] = {
        training->saturates ? "\"loss\" logistic (its gradient does not vanish there)" : NULL,
        training->pictures < MANY_PICTURES ? "more data" : NULL,
        training->may_mirror ? "\"mirror\"" : NULL,
        training->gamma > 0 ? "a larger \"gamma\"" : NULL, "a smaller \"discriminator_rate\""};
    const int length = snprintf(text, SG_WARNING_BYTES,
                                "Warning: the discriminator tells every real picture from every "
                                "generated one, so the generator learns little. ");
    write_advice(text + length, SG_WARNING_BYTES - (size_t)length, advice,
                 sizeof advice / sizeof advice[0]);
    return text;
}

const char *sg_mode_collapsed(double generated_spread, double real_spread,
                              const sg_advice_case *training)
{
#define COLLAPSED                                                                                  \
    "Warning: the generator paints nearly the same picture whatever the latents (mode collapse). "
#define GO_BACK ", or going back to an earlier snapshot with \"init\"."
    if (generated_spread < 0 || real_spread <= 0 || generated_spread > 0.05 * real_spread)
        return NULL;
    if (training->gamma > 0)
        return COLLAPSED "A larger \"gamma\" helps" GO_BACK;
    return training->signed_scores ? COLLAPSED "\"loss\" wgan-gp helps" GO_BACK
                                   : COLLAPSED "A smaller \"generator_rate\" helps" GO_BACK;
#undef GO_BACK
#undef COLLAPSED
}

double sg_held_out_share(const sg_statistics *statistics, double before)
{
    enum { TICKS = 8 };
    const sg_moments *m = statistics->moments;
    const double real = sg_moments_mean(&m[SG_STATISTIC_SCORES_REAL]);
    const double held_out = sg_moments_mean(&m[SG_STATISTIC_SCORES_HELD_OUT]);
    const double gap = real - sg_moments_mean(&m[SG_STATISTIC_SCORES_FAKE]);
    const bool told_apart = m[SG_STATISTIC_SCORES_HELD_OUT].count > 0 && gap > 0.1;
    return before + ((told_apart ? (real - held_out) / gap : 0) - before) / TICKS;
}

/* What helps against overfitting that held-out pictures show, and that r_t shows: first without
 * augmentation, then with one that is fixed, then with one that follows r_t. */
static const char *const held_out_warnings[] = {
#define OVERFITS                                                                                   \
    "Warning: the discriminator overfits: it scores the held-out images nearer to generated ones " \
    "than to those that it is trained on, in the mean of the last ticks. "
    OVERFITS "\"augment\" helps, or more images; the best network is perhaps an earlier snapshot.",
    OVERFITS "A larger \"augment_p\" helps, or more images; the best network is perhaps an earlier "
             "snapshot.",
    OVERFITS
    "A smaller \"augment_target\" augments more; more images help as well; the best network "
    "is perhaps an earlier snapshot.",
#undef OVERFITS
};
static const char *const sign_warnings[] = {
#define OVERFITS                                                                                   \
    "Warning: the discriminator overfits: r_t, the mean sign of its scores of real images, is "    \
    "above 0.9"
    OVERFITS ". \"augment\" ada helps, or more images; the best network is perhaps an earlier "
             "snapshot.",
    OVERFITS
    ". A larger \"augment_p\" helps, or \"augment\" ada, which finds it; the best network is "
    "perhaps an earlier snapshot.",
    OVERFITS ", although augmentation follows it. A smaller \"augment_kimg\" lets that follow "
             "faster; a larger \"gamma\" helps as well.",
#undef OVERFITS
};

const char *sg_discriminator_overfits(const sg_statistics *statistics, sg_overfitting_case overfit)
{
    const double r_t = sg_moments_mean(&statistics->moments[SG_STATISTIC_SIGNS_REAL]);
    const int augments = overfit.adapts ? 2 : overfit.augments;
    if (overfit.held_out_share > 0.5)
        return held_out_warnings[augments];
    return overfit.signed_scores && r_t > 0.9 ? sign_warnings[augments] : NULL;
}

const char *sg_pictures_are_few(const sg_advice_case *training, bool augments)
{
#define FEW                                                                                        \
    "Note: with fewer than 5,000 images and no augmentation, the discriminator usually learns "    \
    "the images by heart, and samples get worse after the first few hundred kimg; "
    if (training->pictures >= 5000 || augments)
        return NULL;
    if (!training->signed_scores)
        return FEW "\"augment\" fixed helps.";
    return training->may_mirror ? FEW
               "\"augment\" ada helps, and \"mirror\" where left and right may change."
                                : FEW "\"augment\" ada helps.";
#undef FEW
}

const char *sg_gradients_broke(const sg_statistics *statistics)
{
    if (statistics->moments[SG_STATISTIC_REPLACED].count == 0)
        return NULL;
    return "Warning: some gradients held a NaN or infinity, which counted as 0 or 1e5. A smaller "
           "\"generator_rate\" and \"discriminator_rate\" help when it happens often.";
}

const char *sg_warning_due(const char *warning, sg_warning_record *record, char *text)
{
    enum { REMINDED = 16 };
    static const char prefix[] = "Warning: ";
    record->age++;
    record->silent++;
    record->absent = warning ? 0 : record->absent + 1;
    if (record->absent >= REMINDED)
        record->said = false;
    if (!warning || (record->said && record->silent < REMINDED))
        return NULL;
    record->silent = 0;
    if (record->said) {
        const char *sentence = warning + (sg_has_prefix(warning, prefix) ? sizeof prefix - 1 : 0);
        snprintf(text, SG_WARNING_BYTES, "Still, after %d ticks: %.*s.", record->age,
                 (int)strcspn(sentence, ",.("), sentence);
        return text;
    }
    record->said = true;
    record->age = 0;
    return warning;
}
