/* `stylegan project`: the w with which a network paints one's own picture.
 * Tested by: tests/cli/test_project.c */
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "cli/options/option_groups.h"
#include "cli/terminal/inline_picture.h"
#include "cli/terminal/progress.h"
#include "invert/run/projection.h"

/* Options and state of the command. */
typedef struct projecting {
    const char *network, *keywords, *folder;
    sg_text_list targets, features;
    sg_context_options compute;
    sg_projection_options options;
    sg_projection *projection;
    sg_inline_picture place;
    const sg_watch *watch;
    bool stopped;
    double psnr, ssim; /* sums over targets */
    size_t count;
} projecting;

static const sg_field file_fields[] = {
    {SG_TEXT(projecting, network), SG_FLAGS(SG_FIELD_REQUIRED),
     SG_OPTION("network", "FILE", "the network file; of a run's folder, its newest snapshot"),
     SG_GROUP("Network")},
    {SG_CODED(projecting, keywords, &sg_keywords_codec), SG_CONFIG_OPTION},
    {SG_CODED(projecting, targets, &sg_text_list_codec),
     SG_FLAGS(SG_FIELD_REQUIRED | SG_FIELD_REPEATED | SG_FIELD_POSITIONAL),
     SG_OPTION("target", "PICTURE",
               "the picture to find, or a folder or zip archive of pictures; several may be given, "
               "also without --target"),
     SG_GROUP("Targets")},
};
static const SG_FIELD_TABLE(file_fields, NULL);

static const sg_field feature_fields[] = {
    {SG_CODED(projecting, features, &sg_text_list_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("features", "FILE",
               "a file of VGG16 or of LPIPS's heads, for the loss lpips and the score of that "
               "name; may be given several times"),
     SG_USUAL("$XDG_DATA_HOME/stylegan"), SG_GROUP("Loss")},
};
static const SG_FIELD_TABLE(feature_fields, NULL);

static const sg_field output_fields[] = {
    {SG_TEXT(projecting, folder), SG_FLAGS(SG_FIELD_REQUIRED),
     SG_OPTION("outdir", "DIR",
               "the folder for the results, made when it is missing; several targets have "
               "sub-folders of their names"),
     SG_GROUP("Output")},
};
static const SG_FIELD_TABLE(output_fields, NULL);

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    projecting *all = state;
    sg_projection_request request = {.files = {.network = all->network,
                                               .keywords = all->keywords,
                                               .features = all->features.texts,
                                               .feature_count = all->features.count,
                                               .compute = all->compute},
                                     .targets = all->targets.texts,
                                     .target_count = all->targets.count,
                                     .folder = all->folder,
                                     .options = sg_projection_options_default()};
    sg_fields_copy_given(&sg_projection_fields, &all->options.given, &all->options,
                         &request.options);
    request.options.given = all->options.given;
    request.options.target = all->options.target;
    const sg_status status = sg_projection_open(&request, watch, &all->projection, error);
    if (status && error) /* also where a file is missing, which is no bad usage */
        sg_fields_respell(&feature_fields_table, error->message, sizeof error->message);
    return status;
}

/* Says what is minimised, and where the usual loss would come from. */
static void say_losses(const projecting *all)
{
    bool by_default = false;
    const char *losses = sg_projection_losses(all->projection, &by_default);
    const bool perceptual = losses[0] == 'l';
    printf("The loss is %s%s.\n", losses,
           !by_default  ? ""
           : perceptual ? ", since VGG16 was found"
                        : ", since no VGG16 for lpips was found (--features FILE names one)");
    fflush(stdout);
}

/* Shows the picture so far, where the terminal can. */
static void show(void *user, const sg_image *both)
{
    projecting *all = user;
    sg_inline_picture_show(&all->place, both);
}

static void say_result(void *user, const sg_projection_result *result)
{
    projecting *all = user;
    char duration[SG_DURATION_BYTES];
    sg_terminal_watch_finish(all->watch->user); /* its line is not the result's */
    all->count++;
    all->psnr += result->scores.psnr;
    all->ssim += result->scores.ssim;
    printf("%s/proj.png: PSNR %.2f dB, SSIM %.4f", result->folder, result->scores.psnr,
           result->scores.ssim);
    if (!isnan(result->scores.lpips))
        printf(", LPIPS %.4f", result->scores.lpips);
    if (result->class_index >= 0)
        printf(", class %d", result->class_index);
    if (result->tuned)
        printf(", tuned in %d step%s (before: %.2f dB)", result->tuning_steps,
               result->tuning_steps == 1 ? "" : "s", result->untuned_scores.psnr);
    printf(" after %d step%s in %s%s\n", result->steps, result->steps == 1 ? "" : "s",
           sg_print_duration(duration, result->seconds), result->stopped ? ", stopped" : "");
    fflush(stdout);
}

static sg_status project(void *state, const sg_watch *watch, sg_error *error)
{
    projecting *all = state;
    all->watch = watch;
    const sg_projection_hooks hooks = {
        .watch = watch, .user = all, .show = show, .done = say_result};
    say_losses(all);
    SG_TRY(sg_projection_run(all->projection, &hooks, &all->stopped, error));
    if (all->count > 1)
        printf("%zu targets: PSNR %.2f dB, SSIM %.4f in the mean\n", all->count,
               all->psnr / (double)all->count, all->ssim / (double)all->count);
    return SG_OK;
}

static int run(const sg_command *command, void *options)
{
    projecting *all = options;
    sg_interrupt_watch(SG_INTERRUPT_SAVES);
    const int status = sg_command_work(command, "projecting", "steps", prepare, project, all);
    sg_projection_close(all->projection);
    return all->stopped ? sg_interrupted_status() : status;
}

static const sg_option_group groups[] = {
    SG_GROUP_OF_ALL(file_fields_table),
    SG_GROUP_AT(sg_target_fields_table, projecting, options.target),
    {&sg_projection_fields, offsetof(projecting, options), offsetof(projecting, options.given),
     NULL},
    SG_GROUP_OF_ALL(feature_fields_table),
    SG_GROUP_OF_ALL(output_fields_table),
    SG_GROUP_AT(sg_compute_fields_table, projecting, compute),
};

const sg_command sg_project_command = {
    .name = "project",
    .summary = "Find the w with which a network paints one's own picture",
    .synopsis = "--network FILE --target PICTURE... --outdir DIR [options]",
    .description =
        "Searches for the w with which the network paints a picture most like the target "
        "(inversion), by optimisation, as the official projector.py does and with its defaults. "
        "The target may be any picture: its middle is cut to the network's proportions and "
        "resized. It should look like the pictures that the network was trained on, and lie as "
        "they do: --crop and --align help.\n\n"
        "The results are target.png, proj.png, projected_w.npz (for --seeds and --projected-w of "
        "other commands), proj.mp4, figure.png and projection.json with PSNR, SSIM, LPIPS where "
        "VGG16 is there, the distance of w from its average, and the losses. Several targets, or a "
        "folder or zip archive of them, have a sub-folder each, and sheet.png shows them. While "
        "the search runs, current.png "
        "shows the target beside the picture so far, and so does a terminal that can. Ctrl-C ends "
        "the search and keeps what was found; the exit status is 130 then (143 after SIGTERM).\n\n"
        "With --tune the network itself is fitted to the target afterwards (pivotal tuning): "
        "proj.png "
        "is then painted by tuned.safetensors beside it, and untuned.png is the picture before.\n\n"
        "The space w gives pictures that can be edited best; w+ comes nearer to the target; z is "
        "all that DCGAN and ProGAN have.",
    .examples =
        "  stylegan project --network ffhq.pkl --target me.jpg --outdir out\n"
        "  stylegan project --network models/faces-64.safetensors --target face.png \\\n"
        "      --space w+ --loss discriminator,pyramid=2 --num-steps 300 --outdir out\n"
        "  stylegan project --network models/digits-32.safetensors --target seven.png --class 7 "
        "\\\n"
        "      --outdir out\n"
        "  stylegan project --network ffhq.pkl --target group.jpg --align 310,120,560,370 --outdir "
        "out\n"
        "  stylegan project --network ffhq.pkl --target me.jpg --space w+ --tune 350 --locality 1 "
        "--outdir out\n"
        "  stylegan project --network ffhq.pkl --target torn.png --mask hole.png --outdir out\n"
        "  stylegan generate --network ffhq.pkl --seeds out/projected_w.npz --outdir again",
    SG_TAKES(groups, projecting),
    .run = run,
};
