/* Opens style transfers and runs them; see style_run.h. Tested by: tests/cli/test_style.c */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/clock.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "checkpoint/network/network_load.h"
#include "image/files/optional_video.h"
#include "image/files/picture_file.h"
#include "image/files/png_file.h"
#include "style/run/style_pictures.h"
#include "style/run/style_state.h"

enum { CODER_SIZE = 512 /* of the published program */ };

static const double show_interval = 5; /* seconds */

/* ---- checks ---- */

/* True if the text names a picture's file, and no seed and no file of w. */
static bool is_picture(const char *text)
{
    return sg_picture_ending_of(text, NULL) != SG_ENDING_OTHER ||
           (sg_path_is_regular(text) && !sg_sources_are_files(text));
}

static bool is_given(const sg_style_request *request, size_t offset)
{
    return sg_given_at(&sg_style_fields, &request->options.given, offset);
}

/* Refuses a mixture of pictures and seeds, and networks without use. */
static sg_status check_sources(const sg_style_request *request, sg_error *error)
{
    const bool pictures = is_picture(request->content);
    for (size_t i = 0; i < request->style_count; i++)
        if (is_picture(request->styles[i]) != pictures)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"content\" is %s, but \"style\" is %s: both must be pictures, or "
                           "both seeds or files of w",
                           request->content, request->styles[i]);
    if (!pictures && !request->network)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"content\" is %s, which is no picture; of seeds and files of w, "
                       "\"network\" must name the generator",
                       request->content);
    if (!request->encoder != !request->decoder)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"%s\" is needed beside \"%s\"",
                       request->encoder ? "decoder" : "encoder",
                       request->encoder ? "encoder" : "decoder");
    if (request->decoder && (request->network || request->feature_count > 0))
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"decoder\" and \"%s\" exclude each other",
                       request->network ? "network" : "features");
    if (request->network && request->feature_count > 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"network\" and \"features\" exclude each other");
    return SG_OK;
}

/* Refuses options that the way asked for does not read. */
static sg_status check_options(const sg_style_request *request, sg_error *error)
{
    static const struct {
        size_t offset;
        const char *name;
    } of_steps[] = {{offsetof(sg_style_options, pixels.steps), "num_steps"},
                    {offsetof(sg_style_options, pixels.rate), "lr"},
                    {offsetof(sg_style_options, pixels.style_weight), "style_weight"},
                    {offsetof(sg_style_options, pixels.smooth), "smooth"}};
    const bool pictures = is_picture(request->content);
    const bool steps = pictures && !request->decoder;
    for (size_t i = 0; i < sizeof of_steps / sizeof *of_steps && !steps; i++)
        if (is_given(request, of_steps[i].offset))
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"%s\" belongs to the optimisation of pixels, which %s does without",
                           of_steps[i].name, pictures ? "a decoder" : "a generator");
    if (!pictures && request->options.keep_colours)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"keep_colours\" is for pictures: a generator's colours are its finest "
                       "styles");
    if (!pictures && is_given(request, offsetof(sg_style_options, size)))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"size\" is for pictures: a generator paints its own");
    return SG_OK;
}

/* ---- opening ---- */

/* Opens a discriminator or classifier for features. */
static sg_status open_own(sg_style_run *run, sg_error *error)
{
    sg_network_file *file = NULL;
    sg_discriminator *discriminator = NULL;
    SG_TRY(sg_network_open_given(run->request.network, run->request.keywords, &file, error));
    sg_status status = SG_OK;
    if (!sg_network_has(file, SG_PART_D))
        status = sg_fail(error, SG_ERROR_FORMAT,
                         "%s holds no discriminator or classifier (D), whose features would tell "
                         "the style of pictures",
                         sg_network_path(file));
    if (!status)
        status = sg_network_load_discriminator(file, run->context, &discriminator, error);
    sg_network_close(file);
    return status ? status : sg_style_network_own(discriminator, &run->network, error);
}

static sg_status open_networks(sg_style_run *run, sg_error *error)
{
    const sg_style_request *request = &run->request;
    run->context = sg_context_create_with(&request->compute);
    if (!run->context)
        return sg_fail_memory(error, "a context");
    if (request->decoder)
        return sg_style_coder_open(run->context, request->encoder, request->decoder, &run->coder,
                                   error);
    return request->network ? open_own(run, error)
                            : sg_style_network_vgg16(run->context, request->features,
                                                     request->feature_count, &run->network, error);
}

static sg_status read_pictures(sg_style_run *run, sg_error *error)
{
    const sg_style_request *request = &run->request;
    const size_t channels = run->network ? (size_t)sg_style_network_channels(run->network) : 3;
    const bool usual = !is_given(request, offsetof(sg_style_options, size));
    if (request->options.keep_colours && channels != 3)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"keep_colours\" is for pictures in colour, but %s looks at grey ones",
                       request->network);
    const size_t size = run->coder && usual ? CODER_SIZE : (size_t)request->options.size;
    SG_TRY(sg_style_picture_read(request->content, size, channels, &run->content, error));
    for (size_t i = 0; i <= run->count; i++) {
        sg_image **image = i == 0 ? &run->content : &run->styles[i - 1];
        if (i > 0)
            SG_TRY(sg_style_picture_read(request->styles[i - 1], size, channels, image, error));
        size_t width = (*image)->width;
        size_t height = (*image)->height;
        if (run->network)
            sg_style_network_fit(run->network, &width, &height);
        SG_TRY(sg_style_picture_resize(image, width, height, error));
        if (i > 0 && request->options.keep_colours)
            SG_TRY(sg_style_picture_recolour(*image, run->content, error));
    }
    return SG_OK;
}

/* Fails if a file of the result would replace one that is read. */
static sg_status check_output(const sg_style_request *request, const char *name, sg_error *error)
{
    const char *const read[] = {request->content, request->network, request->encoder,
                                request->decoder};
    char *path = sg_path_join(request->folder, name);
    if (!path)
        return sg_fail_memory(error, "the path of %s", name);
    const bool same = sg_path_is_one_of(path, read, sizeof read / sizeof *read) ||
                      sg_path_is_one_of(path, request->styles, request->style_count) ||
                      sg_path_is_one_of(path, request->features, request->feature_count);
    free(path);
    return same ? sg_fail(error, SG_ERROR_ARGUMENT,
                          "%s in %s is read, and would be replaced by the result; choose another "
                          "folder",
                          name, request->folder)
                : SG_OK;
}

static sg_status check_outputs(const sg_style_request *request, sg_error *error)
{
    static const char *const names[] = {"content.png", "styled.png", "figure.png",
                                        "current.png", "style.mp4",  "style.json"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        SG_TRY(check_output(request, names[i], error));
    for (size_t i = 0; i < request->style_count; i++) {
        char name[SG_STYLE_FILE_BYTES];
        snprintf(name, sizeof name, SG_STYLE_FILE, i);
        SG_TRY(check_output(request, name, error));
    }
    return SG_OK;
}

static sg_status open_run(sg_style_run *run, const sg_watch *watch, sg_error *error)
{
    const sg_style_request *request = &run->request;
    SG_TRY(sg_fields_check(&sg_style_fields, &request->options, &request->options.given,
                           SG_SPELL_MEMBER, error));
    SG_TRY(check_sources(request, error));
    SG_TRY(check_options(request, error));
    SG_TRY(check_outputs(request, error));
    run->shares = sg_allocate(run->count, sizeof *run->shares);
    run->styles = sg_allocate(run->count, sizeof(void *));
    run->curve = sg_allocate(SG_STYLE_MOST_POINTS, sizeof *run->curve);
    if (!run->shares || !run->styles || !run->curve)
        return sg_fail_memory(error, "a transfer of styles");
    SG_TRY(sg_style_shares(&request->options, run->count, run->shares, error));
    if (!is_picture(request->content))
        return sg_style_latents_open(run, watch, error);
    SG_TRY(open_networks(run, error));
    return read_pictures(run, error);
}

sg_status sg_style_run_open(const sg_style_request *request, const sg_watch *watch,
                            sg_style_run **run, sg_error *error)
{
    sg_style_run *opened = sg_allocate(1, sizeof *opened);
    *run = NULL;
    if (!opened)
        return sg_fail_memory(error, "a transfer of styles");
    opened->request = *request;
    opened->count = request->style_count;
    const sg_status status = open_run(opened, watch, error);
    if (status)
        sg_style_run_close(opened);
    else
        *run = opened;
    return status;
}

void sg_style_run_close(sg_style_run *run)
{
    if (!run)
        return;
    sg_video_abandon(run->film);
    sg_style_network_close(run->network);
    sg_style_coder_close(run->coder);
    sg_style_latents_close(run->latents);
    sg_context_destroy(run->context);
    sg_image_destroy(run->content);
    sg_image_destroy(run->picture);
    for (size_t i = 0; i < run->count && run->styles; i++)
        sg_image_destroy(run->styles[i]);
    for (size_t i = 0; i < run->stage_count; i++)
        sg_image_destroy(run->stages[i].picture);
    free(run->styles);
    free(run->shares);
    free(run->curve);
    free(run);
}

const char *sg_style_run_means(const sg_style_run *run, bool *random)
{
    *random = run->network && sg_style_network_is_random(run->network);
    if (run->network)
        return sg_style_network_title(run->network);
    return run->coder ? "the published encoder and decoder" : "the generator's styles";
}

/* ---- what all ways do ---- */

sg_status sg_style_add_stage(sg_style_run *run, const char *label, const sg_image *picture,
                             sg_error *error)
{
    sg_style_stage *stage = &run->stages[run->stage_count];
    if (run->stage_count == SG_STYLE_MOST_STAGES)
        return SG_OK;
    snprintf(stage->label, sizeof stage->label, "%s", label);
    SG_TRY(sg_image_crop(picture, 0, 0, picture->width, picture->height, &stage->picture, error));
    run->stage_count++;
    return SG_OK;
}

sg_status sg_style_show(sg_style_run *run, const sg_image *picture, sg_error *error)
{
    sg_image *both = NULL;
    if (sg_clock_seconds() - run->shown < show_interval)
        return SG_OK;
    SG_TRY(sg_image_beside(run->content, picture, &both, error));
    char *path = sg_path_join(run->request.folder, "current.png");
    const sg_status status = path ? sg_png_write(path, both, NULL, 0, error)
                                  : sg_fail_memory(error, "the path of a picture");
    free(path);
    if (!status && run->hooks->show)
        run->hooks->show(run->hooks->user, both);
    sg_image_destroy(both);
    run->shown = sg_clock_seconds();
    return status;
}

static sg_status open_film(sg_style_run *run, sg_error *error)
{
    const sg_style_options *options = &run->request.options;
    if (!options->save_video)
        return SG_OK;
    char *path = sg_path_join(run->request.folder, "style.mp4");
    const sg_status status = path ? sg_optional_video_create(path, options->frames_per_second,
                                                             run->hooks->watch, &run->film, error)
                                  : sg_fail_memory(error, "the path of a film");
    free(path);
    return status;
}

static sg_status finish_film(sg_style_run *run, sg_error *error)
{
    sg_video *film = run->film;
    run->film = NULL;
    return film ? sg_video_finish(film, error) : SG_OK;
}

sg_status sg_style_run_work(sg_style_run *run, const sg_style_hooks *hooks, sg_style_result *result,
                            sg_error *error)
{
    run->hooks = hooks;
    run->begun = run->shown = sg_clock_seconds();
    run->result = (sg_style_result){.content = (double)NAN, .style = (double)NAN};
    SG_TRY(sg_make_folders(run->request.folder, error));
    SG_TRY(open_film(run, error));
    SG_TRY(run->network ? sg_style_work_pixels(run, error) : sg_style_work_passes(run, error));
    SG_TRY(finish_film(run, error));
    run->result.seconds = sg_clock_seconds() - run->begun;
    SG_TRY(sg_style_write(run, error));
    *result = run->result;
    return SG_OK;
}
