/*
 * The ways to a styled picture: steps of an optimisation, or passes with more and more of the
 * style. Tested by: tests/cli/test_style.c
 */
#include <math.h>
#include <stdio.h>

#include "style/run/style_state.h"

enum { PASSES = 25 /* of the film */ };

/* ---- steps ---- */

/* Notes the losses: all of up to SG_STYLE_MOST_POINTS steps, of more in equal distances. */
static void note_losses(sg_style_run *run, const sg_pixel_style_report *report)
{
    const int every = run->request.options.pixels.steps / SG_STYLE_MOST_POINTS + 1;
    run->result.content = report->content;
    run->result.style = report->style;
    if (report->step % every == 0 && run->points < SG_STYLE_MOST_POINTS)
        run->curve[run->points++] = (sg_style_point){report->step, report->content, report->style};
}

/* True if the figure shows the picture after `done` of `steps`. */
static bool is_stage(int done, int steps)
{
    static const double shares[] = {0.05, 0.15, 0.4};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
        if (done > 0 && done < steps && done == (int)lround(shares[i] * steps))
            return true;
    return false;
}

/* Takes the pictures that are due after a step: a frame, a stage, the one so far. */
static sg_status take_pictures(sg_style_run *run, const sg_pixel_style *transfer, int done,
                               sg_error *error)
{
    char label[SG_STYLE_LABEL_BYTES];
    sg_image *image = NULL;
    SG_TRY(sg_pixel_style_image(transfer, &image, error));
    sg_status status = run->film ? sg_video_add(run->film, image, error) : SG_OK;
    if (!status && is_stage(done, run->request.options.pixels.steps)) {
        snprintf(label, sizeof label, "step %d", done);
        status = sg_style_add_stage(run, label, image, error);
    }
    if (!status)
        status = sg_style_show(run, image, error);
    sg_image_destroy(image);
    return status;
}

static sg_status take_steps(sg_style_run *run, sg_pixel_style *transfer, sg_error *error)
{
    const int steps = run->request.options.pixels.steps;
    char remark[64] = "";
    for (int step = 0; step < steps && !run->result.stopped; step++) {
        sg_pixel_style_report report;
        SG_TRY(sg_pixel_style_step(transfer, &report, error));
        note_losses(run, &report);
        run->result.steps = step + 1;
        SG_TRY(take_pictures(run, transfer, step + 1, error));
        snprintf(remark, sizeof remark, "content %.3f, style %.3f", report.content, report.style);
        run->result.stopped = sg_watch_step(run->hooks->watch, step + 1, steps, remark);
    }
    return sg_pixel_style_image(transfer, &run->picture, error);
}

sg_status sg_style_work_pixels(sg_style_run *run, sg_error *error)
{
    const sg_pixel_style_pictures pictures = {.content = run->content,
                                              .styles = (const sg_image *const *)run->styles,
                                              .weights = run->shares,
                                              .count = run->count};
    sg_pixel_style *transfer = NULL;
    SG_TRY(sg_pixel_style_create(run->network, &run->request.options.pixels, &pictures, &transfer,
                                 error));
    const sg_status status = take_steps(run, transfer, error);
    sg_pixel_style_destroy(transfer);
    return status;
}

/* ---- passes ---- */

static sg_status paint(sg_style_run *run, double alpha, sg_image **image, sg_error *error)
{
    return run->coder ? sg_style_coder_paint(run->coder, run->content,
                                             (const sg_image *const *)run->styles, run->shares,
                                             run->count, alpha, image, error)
                      : sg_style_latents_paint(run, alpha, image, error);
}

/* Takes pass `pass` of `passes`: the film has each, the figure four on the way. */
static sg_status take_pass(sg_style_run *run, int pass, int passes, sg_error *error)
{
    char label[SG_STYLE_LABEL_BYTES];
    const double alpha = run->request.options.pixels.alpha * pass / passes;
    const int quarter = passes > 4 ? (passes + 3) / 4 : 1;
    sg_image *image = NULL;
    SG_TRY(paint(run, alpha, &image, error));
    sg_status status = run->film ? sg_video_add(run->film, image, error) : SG_OK;
    if (!status && pass % quarter == 0 && pass < passes) {
        snprintf(label, sizeof label, "alpha %.2g", alpha);
        status = sg_style_add_stage(run, label, image, error);
    }
    if (!status && pass == passes)
        run->picture = image;
    else
        sg_image_destroy(image);
    return status;
}

sg_status sg_style_work_passes(sg_style_run *run, sg_error *error)
{
    const int passes = run->film ? PASSES - 1 : 4;
    for (int pass = 0; pass <= passes; pass++) {
        if (sg_watch_step(run->hooks->watch, pass, passes, NULL))
            return sg_fail(error, SG_ERROR_CANCELLED, "stopped after %d of %d passes", pass,
                           passes);
        SG_TRY(take_pass(run, pass, passes, error));
    }
    return SG_OK;
}
