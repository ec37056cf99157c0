/*
 * Chooses metrics; see metric_choice.h.
 * Tested by: tests/cli/test_metrics.c
 */
#include "metrics/measure/metric_choice.h"

#include <string.h>

#include "features/feature_kind.h"
#include "metrics/measure/looker.h"

/* Names that are chosen, with the numbers of pictures that take minutes. */
static const char *const chosen[] = {
    "fid5k_full", "kid5k_full", "pr5k3_full",  "is5k",         "fd_own5k",  "kid_own5k", "pr_own5k",
    "swd1k",      "msssim1k",   "ppl2_wend1k", "pplpx_wend1k", "eqt1k_int", "eqr1k"};

/* Tells whether the generator's input can be moved by design: a StyleGAN3's. */
static bool moves(sg_generator *generator)
{
    double transform[9];
    return sg_generator_transform(generator, transform);
}

static bool fits(const sg_metric *metric, const sg_metric_means *means)
{
    if (metric->needs & SG_METRIC_REALS && !means->data)
        return false;
    if (metric->needs & SG_METRIC_GENERATOR && !means->generator)
        return false;
    return !(metric->needs & SG_METRIC_MOVES_INPUT) || moves(means->generator);
}

static bool has_network(const sg_metric *metric, const sg_metric_means *means)
{
    const sg_looker_places places = {means->files, means->file_count, means->beside};
    const sg_looked_at pictures = {means->height, means->width, means->channels};
    return !metric->network || sg_looker_is_there(metric->network, &places, &pictures);
}

/* Appends which files a kind is published as: "vgg16-397923af.pth and vgg.pth". */
static void say_files(const char *kind, sg_text *more)
{
    const int row = sg_feature_kind_find(kind);
    for (int i = 0; row >= 0 && i < sg_feature_kinds[row]->part_count; i++)
        if (i == 0 || strcmp(sg_feature_kinds[row]->parts[i].names[0],
                             sg_feature_kinds[row]->parts[0].names[0]) != 0)
            sg_text_append(more, "%s%s", i > 0 ? " and " : "",
                           sg_feature_kinds[row]->parts[i].names[0]);
}

/* Appends which metrics a file would allow: "With Inception-v3 of FID ..., also: fid5k_full". */
static void say_missing(const char *kind, const sg_metric_list *lacking, sg_text *more)
{
    char name[SG_METRIC_NAME_BYTES];
    const char *before = "";
    const int row = sg_feature_kind_find(kind);
    if (row < 0)
        sg_text_append(more, "With a classifier of such pictures, which \"cfg\" classifier trains, "
                             "given by \"features\", also: ");
    else {
        sg_text_append(more, "With %s, published as ", sg_feature_kinds[row]->title);
        say_files(kind, more);
        sg_text_append(more, ", given by \"features\" or in ~/.local/share/stylegan, also: ");
    }
    for (size_t i = 0; i < lacking->count; i++) {
        if (strcmp(sg_metric_of(&lacking->items[i])->network, kind) != 0)
            continue;
        sg_text_append(more, "%s%s", before, sg_metric_name(&lacking->items[i], name));
        before = ", ";
    }
    sg_text_append(more, "\n");
}

void sg_metric_choose(const sg_metric_means *means, sg_metric_list *list, sg_text *more)
{
    sg_metric_list lacking = {0};
    *list = (sg_metric_list){0};
    for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++) {
        sg_metric_list one = {0};
        if (!sg_metric_list_add(&one, chosen[i]) || !fits(sg_metric_of(&one.items[0]), means))
            continue;
        sg_metric_list_add(has_network(sg_metric_of(&one.items[0]), means) ? list : &lacking,
                           chosen[i]);
    }
    for (size_t i = 0; i < lacking.count; i++) {
        const char *kind = sg_metric_of(&lacking.items[i])->network;
        bool said = false;
        for (size_t k = 0; k < i; k++)
            said = said || strcmp(sg_metric_of(&lacking.items[k])->network, kind) == 0;
        if (!said)
            say_missing(kind, &lacking, more);
    }
    if (!means->data)
        sg_text_append(more, "With real pictures, named by \"data\": distances, such as swd1k\n");
}
