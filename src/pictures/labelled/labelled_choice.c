/*
 * Chooses the seeds of a labelled set: without a classifier the first ones, otherwise those whose
 * pictures it recognises. Their files are kept up to a limit, so that they are not painted twice.
 * Tested by: tests/cli/test_generate_labelled.c
 */
#include <stdlib.h>

#include "base/allocate.h"
#include "pictures/labelled/labelled_state.h"
#include "pictures/painter.h"

enum { MOST_REJECTED = 1000 /* in a row */, MOST_KEPT = 256 << 20 /* bytes */ };

sg_picture_request sg_labelled_request(const sg_labelled_set *set, int label, uint32_t seed)
{
    sg_picture_request request = set->work->common;
    request.seed = seed;
    request.psi = set->work->lists.psis.values[0];
    request.class_index = set->conditional ? label : -1;
    return request;
}

/* Finds number `index` of the seeds: those of the list, then the numbers after its largest. */
static sg_status seed_at(const sg_labelled_set *set, size_t index, uint32_t *seed, sg_error *error)
{
    const sg_number_list *seeds = &set->work->lists.seeds;
    const size_t more = index < seeds->count ? 0 : index - seeds->count;
    if (index < seeds->count)
        *seed = seeds->values[index];
    else if (more > UINT32_MAX - set->next_seed || (seeds->count > 0 && set->next_seed == 0))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "there are no seeds after the last of \"seeds\", %u", UINT32_MAX);
    else
        *seed = set->next_seed + (uint32_t)more;
    return SG_OK;
}

/* Adds a picture to the set, which takes `png`. */
static sg_status take(sg_labelled_set *set, sg_labelled_class *of, uint32_t seed,
                      unsigned char *png, size_t size, sg_error *error)
{
    if (!sg_grow(&set->pictures, &set->capacity, set->count, sizeof *set->pictures)) {
        free(png);
        return sg_fail_memory(error, "the pictures of a set");
    }
    set->pictures[set->count++] =
        (sg_labelled_picture){.label = of->label, .seed = seed, .png = png, .size = size};
    of->taken++;
    return SG_OK;
}

/* Judges an image: returns the class that it is taken for, NULL if it is rejected. */
static sg_labelled_class *judge(sg_labelled_set *set, sg_labelled_class *asked)
{
    const int outputs = sg_scoring_config(set->classifier)->c_dim;
    int best = 0;
    for (int i = 1; i < outputs; i++)
        if (set->probabilities[i] > set->probabilities[best])
            best = i;
    sg_labelled_class *found = asked ? asked : &set->classes[best];
    found->tried++;
    const bool sure = found->label == best && set->probabilities[best] >= set->options.confidence;
    return sure && found->taken < found->wanted ? found : NULL;
}

/* Paints a seed and takes it if the classifier lets it. *taken tells. */
static sg_status try_seed(sg_labelled_set *set, sg_labelled_class *asked, uint32_t seed,
                          bool *taken, sg_error *error)
{
    sg_image *image = NULL;
    unsigned char *png = NULL;
    size_t size = 0;
    const sg_picture_request request = sg_labelled_request(set, asked ? asked->label : -1, seed);
    SG_TRY(sg_paint_picture(&set->work->network, &request, NULL, &image, error));
    sg_status status = sg_scoring_judge(set->classifier, set->work->network.path, image,
                                        set->probabilities, error);
    sg_labelled_class *found = status ? NULL : judge(set, asked);
    *taken = found;
    if (found && set->kept < MOST_KEPT) {
        const sg_labelled_picture picture = {.label = found->label, .seed = seed};
        status = sg_labelled_encode(set, &picture, image, &png, &size, error);
        set->kept += size;
    }
    sg_image_destroy(image);
    return found && !status ? take(set, found, seed, png, size, error) : status;
}

/* Says that the classifier takes nothing any more. */
static sg_status fail_rejected(const sg_labelled_set *set, const sg_labelled_class *asked,
                               sg_error *error)
{
    if (asked)
        return sg_fail(error, SG_ERROR_NUMERIC,
                       "%s recognises none of %d pictures of class %d with \"confidence\" %g; "
                       "lower it",
                       set->options.classifier, MOST_REJECTED, asked->label,
                       set->options.confidence);
    for (size_t i = 0; i < set->class_count; i++)
        if (set->classes[i].taken < set->classes[i].wanted)
            return sg_fail(error, SG_ERROR_NUMERIC,
                           "%d pictures in a row are of classes that are complete, or are "
                           "recognised with less than \"confidence\" %g; class %d has %zu of %zu",
                           MOST_REJECTED, set->options.confidence, set->classes[i].label,
                           set->classes[i].taken, set->classes[i].wanted);
    return SG_OK;
}

/* Tells the watch that so many pictures are chosen. */
static sg_status show(const sg_labelled_set *set, size_t done, const sg_watch *watch,
                      sg_error *error)
{
    return sg_watch_step(watch, (double)done, (double)set->wanted, "choosing")
               ? sg_fail(error, SG_ERROR_CANCELLED, "stopped while pictures were chosen")
               : SG_OK;
}

/* Chooses until `wanted` more pictures are taken, of one class or (NULL) of any. */
static sg_status choose_judged(sg_labelled_set *set, sg_labelled_class *asked, size_t wanted,
                               size_t *done, const sg_watch *watch, sg_error *error)
{
    int rejected = 0;
    for (size_t index = 0; wanted > 0; index++) {
        uint32_t seed = 0;
        bool taken = false;
        SG_TRY(show(set, *done, watch, error));
        SG_TRY(seed_at(set, index, &seed, error));
        SG_TRY(try_seed(set, asked, seed, &taken, error));
        rejected = taken ? 0 : rejected + 1;
        wanted -= taken ? 1 : 0;
        *done += taken ? 1 : 0;
        if (rejected == MOST_REJECTED)
            return fail_rejected(set, asked, error);
    }
    return SG_OK;
}

/* Chooses the first seeds of a class. */
static sg_status choose_first(sg_labelled_set *set, sg_labelled_class *of, sg_error *error)
{
    for (size_t index = 0; index < of->wanted; index++) {
        uint32_t seed = 0;
        SG_TRY(seed_at(set, index, &seed, error));
        SG_TRY(take(set, of, seed, NULL, 0, error));
        of->tried++;
    }
    return SG_OK;
}

sg_status sg_labelled_choose(sg_labelled_set *set, const sg_watch *watch, sg_error *error)
{
    size_t done = 0;
    if (!set->conditional)
        return choose_judged(set, NULL, set->wanted, &done, watch, error);
    for (size_t i = 0; i < set->class_count; i++) {
        sg_labelled_class *of = &set->classes[i];
        SG_TRY(set->classifier ? choose_judged(set, of, of->wanted, &done, watch, error)
                               : choose_first(set, of, error));
    }
    return SG_OK;
}
