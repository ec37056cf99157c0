/* `stylegan style`: a picture in the style of others.
 * Tested by: tests/cli/test_style.c */
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "cli/options/option_groups.h"
#include "cli/terminal/inline_picture.h"
#include "cli/terminal/progress.h"
#include "style/run/style_run.h"

enum { LARGEST_RESOLUTION = 65536 };

/* Options and state of the command. */
typedef struct styling {
    sg_style_request request; /* but lists of texts */
    sg_text_list styles, features;
    sg_style_run *run;
    sg_inline_picture place;
    bool stopped;
} styling;

static const sg_field picture_fields[] = {
    {"content", SG_TEXT(styling, request.content), SG_FLAGS(SG_FIELD_REQUIRED),
     SG_OPTION("content", "FILE",
               "what the result shows: a picture; with a generator a seed or a file of w"),
     SG_GROUP("Pictures")},
    {"style", SG_CODED(styling, styles, &sg_text_list_codec),
     SG_FLAGS(SG_FIELD_REQUIRED | SG_FIELD_REPEATED | SG_FIELD_POSITIONAL),
     SG_OPTION("style", "FILE",
               "how the result looks, of the same kind; several may be given, also without "
               "--style")},
};
static const SG_FIELD_TABLE(picture_fields, NULL);

static const sg_field network_fields[] = {
    {"features", SG_CODED(styling, features, &sg_text_list_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("features", "FILE", "a file of VGG16, whose features tell styles"),
     SG_USUAL("$XDG_DATA_HOME/stylegan; random weights without any"), SG_GROUP("Networks")},
    {"network", SG_TEXT(styling, request.network),
     SG_OPTION("network", "FILE",
               "of pictures, a classifier or discriminator in place of VGG16; of seeds and w, the "
               "generator")},
    {SG_CODED(styling, request.keywords, &sg_keywords_codec), SG_CONFIG_OPTION},
    {"encoder", SG_TEXT(styling, request.encoder),
     SG_OPTION("encoder", "FILE", "the published encoder (vgg_normalised.pth), with --decoder")},
    {"decoder", SG_TEXT(styling, request.decoder),
     SG_OPTION("decoder", "FILE", "the published decoder (decoder.pth): no optimisation then")},
};
static const SG_FIELD_TABLE(network_fields, NULL);

static const sg_field generator_fields[] = {
    {"from", SG_INT(styling, request.from, 1, LARGEST_RESOLUTION),
     SG_OPTION("from", "N", "layers of N pixels and more have the style's styles"),
     SG_USUAL("16; 8 of networks of 16 pixels"), SG_GROUP("Generated pictures")},
    {"psi", SG_NUMBER(styling, request.psi, -10, 10),
     SG_OPTION("trunc", "PSI", "truncation of content and styles"), SG_USUAL("1")},
    {"class", SG_TEXT(styling, request.class_index),
     SG_OPTION("class", "N", "the class of seeds, counted from 0; conditional networks need it")},
};
static const SG_FIELD_TABLE(generator_fields, NULL);

static const sg_field output_fields[] = {
    {SG_TEXT(styling, request.folder), SG_FLAGS(SG_FIELD_REQUIRED),
     SG_OPTION("outdir", "DIR", "the folder for the results, made when it is missing"),
     SG_GROUP("Output")},
};
static const SG_FIELD_TABLE(output_fields, NULL);

/* Puts the spelling of options into a sentence of the library. */
static void respell(sg_error *error)
{
    const sg_field_table *const tables[] = {&picture_fields_table, &network_fields_table,
                                            &generator_fields_table, &sg_style_fields};
    for (size_t i = 0; error && i < sizeof tables / sizeof *tables; i++)
        sg_fields_respell(tables[i], error->message, sizeof error->message);
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    styling *all = state;
    sg_style_request *request = &all->request;
    sg_style_options options = sg_style_options_default();
    sg_fields_copy_given(&sg_style_fields, &request->options.given, &request->options, &options);
    options.given = request->options.given;
    request->options = options;
    request->styles = all->styles.texts;
    request->style_count = all->styles.count;
    request->features = all->features.texts;
    request->feature_count = all->features.count;
    const sg_status status = sg_style_run_open(request, watch, &all->run, error);
    if (status)
        respell(error);
    return status;
}

/* Shows the picture so far, where the terminal can. */
static void show(void *user, const sg_image *both)
{
    styling *all = user;
    sg_inline_picture_show(&all->place, both);
}

static void say_means(const styling *all, const sg_watch *watch)
{
    bool random = false;
    const char *means = sg_style_run_means(all->run, &random);
    if (random)
        sg_watch_note(watch, "no VGG16 was found (--features FILE names one): the features are "
                             "those of VGG16 with random weights, which tell textures and colours, "
                             "and less of shapes");
    printf("The style is taken by %s.\n", means);
    fflush(stdout);
}

static sg_status work(void *state, const sg_watch *watch, sg_error *error)
{
    styling *all = state;
    const sg_style_hooks hooks = {.watch = watch, .user = all, .show = show};
    sg_style_result result;
    char duration[SG_DURATION_BYTES];
    say_means(all, watch);
    const sg_status status = sg_style_run_work(all->run, &hooks, &result, error);
    if (status) {
        respell(error);
        return status;
    }
    all->stopped = result.stopped;
    sg_terminal_watch_finish(watch->user); /* its line is not the result's */
    printf("%s/styled.png", all->request.folder);
    if (result.steps > 0)
        printf(": content %.4f, style %.4f after %d step%s", result.content, result.style,
               result.steps, result.steps == 1 ? "" : "s");
    printf(" in %s%s\n", sg_print_duration(duration, result.seconds),
           result.stopped ? ", stopped" : "");
    return SG_OK;
}

static int run(const sg_command *command, void *options)
{
    styling *all = options;
    sg_interrupt_watch(SG_INTERRUPT_SAVES);
    const int status = sg_command_work(command, "styling", "steps", prepare, work, all);
    sg_style_run_close(all->run);
    return all->stopped ? sg_interrupted_status() : status;
}

static const styling defaults = {.request = {.psi = 1}};

static const sg_option_group groups[] = {
    SG_GROUP_OF_ALL(picture_fields_table),
    {&sg_style_fields, offsetof(styling, request.options), offsetof(styling, request.options.given),
     NULL},
    SG_GROUP_OF_ALL(network_fields_table),
    SG_GROUP_OF_ALL(generator_fields_table),
    SG_GROUP_OF_ALL(output_fields_table),
    SG_GROUP_AT(sg_compute_fields_table, styling, request.compute),
};

const sg_command sg_style_command = {
    .name = "style",
    .summary = "Show a picture in the style of others",
    .synopsis = "--content FILE --style FILE... --outdir DIR [options]",
    .description =
        "Gives one picture the style of others by adaptive instance normalisation (AdaIN): the "
        "means and deviations of feature maps are the style. The result is styled.png, with "
        "figure.png, which shows the way to it, style.mp4 and style.json.\n\n"
        "Of pictures, the pixels are optimised until their maps in VGG16 have the style's "
        "statistics and the content's places; --network takes the maps of a classifier or "
        "discriminator of one's own. current.png shows the picture so far, and so does a terminal "
        "that can. Ctrl-C keeps what there is; the exit status is 130 then. With --encoder and "
        "--decoder, the published networks of AdaIN make the picture in one pass.\n\n"
        "Of seeds and files of w, the generator named by --network paints the picture with the "
        "content's styles in its coarse layers and the style's in all others.",
    .examples =
        "  stylegan style --content harbour.jpg --style waves.jpg --outdir out\n"
        "  stylegan style --content me.jpg --style a.jpg --style b.jpg --weights 0.3,0.7 \\\n"
        "      --alpha 0.6 --keep-colours --outdir out\n"
        "  stylegan style --content me.jpg --style a.jpg --encoder vgg_normalised.pth \\\n"
        "      --decoder decoder.pth --outdir out\n"
        "  stylegan style --content 5.png --style 7.png --network "
        "models/digits-classifier.safetensors \\\n"
        "      --outdir out\n"
        "  stylegan style --network models/faces-64.safetensors --content 3 --style 8 --outdir out",
    SG_TAKES(groups, styling),
    .defaults = &defaults,
    .run = run,
};
