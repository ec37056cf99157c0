/* `stylegan edit`: pictures moved along directions, by styles, sums, mixes and truncation.
 * Tested by: tests/cli/test_edit.c */
#include <math.h>
#include <stdio.h>

#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/number_list.h"
#include "base/text.h"
#include "cli/options/option_groups.h"
#include "cli/terminal/inline_picture.h"
#include "cli/terminal/progress.h"
#include "edit/request/edit_plan.h"
#include "image/files/gif_file.h"
#include "image/files/video_file.h"
#include "pictures/edits/edit_pictures.h"
#include "pictures/picture_fields.h"
#include "words/run/mapper_edits.h"
#include "words/run/word_edits.h"

enum {
    MOST_STRENGTH = 100,
    STRIP_LIMIT = 100,
    USUAL_FRAMES = 120,
    USUAL_RATE = 30,
    USUAL_GIF_RATE = 20
};

/* Options and state of the command. */
typedef struct editing {
    sg_picture_work work;
    const char *latents;
    int strip;
    sg_edit_film film;
    int frames;
    sg_grid_size grid;
    bool pulse, wave;
    sg_word_options words;
    sg_word_edits *search;
    const char *mapper;
    double strength;
    sg_given mapper_given; /* of mapper_fields */
    sg_inline_picture place;
    const sg_watch *watch;
} editing;

static const editing defaults = {
    .work = {.common = SG_PICTURE_REQUEST(), .one_class = true},
    .words = SG_WORD_OPTIONS,
    .strength = 1,
    .film = {.frequency = 2, .output = {.quality = SG_VIDEO_USUAL_QUALITY}},
    .frames = USUAL_FRAMES};

/* ---- two psis: "0.3,1.1" ---- */

static sg_status parse_range(const char *text, editing *all, bool *given, sg_error *error)
{
    sg_decimal_list numbers = {0};
    const bool pair = !sg_decimal_list_parse(text, "psi", &numbers, NULL) && numbers.count == 2;
    if (pair) {
        all->film.psi_start = numbers.values[0];
        all->film.psi_end = numbers.values[1];
        *given = true;
    }
    sg_decimal_list_clear(&numbers);
    return pair ? SG_OK
                : sg_fail(error, SG_ERROR_ARGUMENT,
                          "takes two truncations, such as 0.3,1.1, not \"%s\"", text);
}

static sg_status parse_pulse(const char *text, void *value, sg_error *error)
{
    editing *all = value;
    return parse_range(text, all, &all->pulse, error);
}

static sg_status parse_wave(const char *text, void *value, sg_error *error)
{
    editing *all = value;
    return parse_range(text, all, &all->wave, error);
}

static const sg_field_codec pulse_codec = {.parse = parse_pulse};
static const sg_field_codec wave_codec = {.parse = parse_wave};

/* ---- the rows ---- */

static const sg_field source_fields[] = {
    {SG_CODED(editing, work.lists.seeds, &sg_seeds_codec),
     SG_OPTION("projected-w", "FILE",
               "a file of w to start from, such as projected_w.npz; the same as --seeds FILE")},
    {SG_TEXT(editing, latents),
     SG_OPTION("z", "FILE", "a file of latents z to start from (.npz, .npy, .pt ...)")},
};
static const SG_FIELD_TABLE(source_fields, NULL);

static const sg_field mapper_fields[] = {
    {"mapper", SG_TEXT(editing, mapper),
     SG_OPTION("mapper", "FILE", "move each w as the mapper of \"train --cfg mapper\" tells")},
    {"strength", SG_NUMBER(editing, strength, -MOST_STRENGTH, MOST_STRENGTH),
     SG_OPTION("strength", "X", "how far, a negative number: the other way"), SG_USUAL("1")},
};
static const SG_FIELD_TABLE(mapper_fields, NULL);

static const sg_field film_fields[] = {
    {SG_INT(editing, strip, 2, STRIP_LIMIT),
     SG_OPTION("strip", "N",
               "also write DIR/strip.png: N pictures of each start, from all moves reversed to "
               "all moves in full; of a search or a mapper, from the start to the end"),
     SG_GROUP("Strips and films")},
    {SG_TEXT(editing, film.output.path),
     SG_OPTION("film", "PATH",
               "also write a film: FILE.mp4, FILE.webm, FILE.gif, FILE.png, a folder for the "
               "frames, or a pattern of their names; the moves go to full, back, to their "
               "reverse, and back; those of a search or a mapper to full, and stay")},
    {.kind = SG_FIELD_CODED,
     .offset = 0,
     .codec = &pulse_codec,
     SG_OPTION("pulse", "A,B",
               "a film in which the truncation goes from A to B and back, such as 0.3,1.1")},
    {SG_NUMBER(editing, film.frequency, 0, 1000), SG_FLAGS(SG_FIELD_ABOVE),
     SG_OPTION("frequency", "N", "how often a pulse comes and goes in the film"), SG_USUAL("2")},
    {.kind = SG_FIELD_CODED,
     .offset = 0,
     .codec = &wave_codec,
     SG_OPTION("wave", "A,B",
               "a film in which a wave of truncation, from A to B and back, runs over the grid of "
               "starts")},
    {SG_CODED(editing, grid, &sg_grid_codec),
     SG_OPTION("grid", "WxH", "how the starts lie in the film"), SG_USUAL("a square")},
    {SG_INT(editing, frames, 2, 100000), SG_OPTION("frames", "N", "frames of the film"),
     SG_USUAL("120")},
    {SG_INT(editing, film.output.frames_per_second, 1, SG_VIDEO_LARGEST_RATE),
     SG_OPTION("fps", "N", "frames shown in a second"), SG_USUAL("30, in a GIF 20")},
};
static const SG_FIELD_TABLE(film_fields, NULL);

/* ---- checks ---- */

/* Checks the sources: seeds and files, latents, or a sum. */
static sg_status check_sources(editing *all, sg_error *error)
{
    sg_picture_lists *lists = &all->work.lists;
    const char *sum = all->work.common.edit.sum;
    if (sum && (lists->seeds.text || all->latents))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--w is a start of its own: --%s cannot be given with it",
                       all->latents ? "z" : "seeds");
    if (sum)
        SG_TRY(sg_seeds_codec.parse("0", &lists->seeds, error)); /* of the noise */
    if (!lists->seeds.text && !all->latents)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the option --seeds (or --w, --z, --projected-w) is missing");
    if (lists->psis.count == 0)
        SG_TRY(sg_psis_codec.parse("1", &lists->psis, error));
    lists->psis.values[0] = all->work.common.psi;
    return SG_OK;
}

static sg_status check_film(editing *all, sg_error *error)
{
    sg_frame_output_options *output = &all->film.output;
    if (all->pulse && all->wave)
        return sg_fail(error, SG_ERROR_ARGUMENT, "--pulse and --wave exclude each other");
    if (!output->path)
        return all->pulse || all->wave
                   ? sg_fail(error, SG_ERROR_ARGUMENT,
                             "--%s needs --film, the file that the film goes to",
                             all->pulse ? "pulse" : "wave")
                   : SG_OK;
    all->film.kind = all->pulse ? SG_EDIT_PULSE : all->wave ? SG_EDIT_WAVE : SG_EDIT_SWEEP;
    const sg_frame_format format = sg_frame_format_of(output->path);
    if (format == SG_FRAMES_UNKNOWN)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--film must be a video, such as edit.mp4 or edit.webm, a GIF, such as "
                       "edit.gif, a PNG file, such as edit.png, a folder, such as frames/, or a "
                       "pattern with one number, such as frames/%%04d.png, not \"%s\"",
                       output->path);
    if (output->frames_per_second == 0)
        output->frames_per_second = format == SG_FRAMES_GIF ? USUAL_GIF_RATE : USUAL_RATE;
    if (format == SG_FRAMES_GIF && output->frames_per_second > SG_GIF_LARGEST_RATE)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--fps is %d, but a GIF shows at most %d frames a second",
                       output->frames_per_second, SG_GIF_LARGEST_RATE);
    output->frame_count = (size_t)all->frames;
    output->scale = all->work.common.scale > 0 ? (size_t)all->work.common.scale : 1;
    return SG_OK;
}

/* Gives every start a cell. */
static sg_status choose_grid(editing *all, sg_error *error)
{
    const size_t count = all->work.lists.seeds.count;
    if (all->grid.columns == 0) {
        all->grid.columns = (int)ceil(sqrt((double)count));
        all->grid.rows = ((int)count + all->grid.columns - 1) / all->grid.columns;
    }
    if ((size_t)all->grid.columns * (size_t)all->grid.rows < count)
        return sg_fail(error, SG_ERROR_ARGUMENT, "a grid of %dx%d has no room for %zu starts",
                       all->grid.columns, all->grid.rows, count);
    all->film.columns = all->grid.columns;
    all->film.rows = all->grid.rows;
    return SG_OK;
}

/* Tells whether w move for each start by itself. */
static bool finds(const editing *all)
{
    return sg_word_options_ask(&all->words) || all->mapper;
}

/* Takes what belongs to an edit by words. A search starts from a w as it is: other edits, and films
 * of its truncation, would change that start. */
static sg_status check_words(editing *all, sg_error *error)
{
    sg_edit_request *edit = &all->work.common.edit;
    if (!all->mapper && SG_IS_GIVEN(&mapper_fields_table, &all->mapper_given, editing, strength))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--strength is of a mapper, but --mapper is not given");
    if (!sg_word_options_ask(&all->words))
        SG_TRY(sg_word_options_check(&all->words, error));
    if (!finds(all))
        return SG_OK;
    if (sg_word_options_ask(&all->words) && all->mapper)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--mapper tells moves without a search: it excludes --text and --towards");
    if (sg_edit_request_edits(edit) || all->pulse || all->wave)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "an edit by words starts from a w as it is: make other edits first, with "
                       "--save-w, and start from their files");
    if (all->mapper)
        return edit->keep ? sg_fail(error, SG_ERROR_ARGUMENT, "--mapper does not read --keep")
                          : SG_OK;
    all->words.keep = edit->keep;
    edit->keep = NULL;
    return sg_word_options_check(&all->words, error);
}

/* Fails unless strips and films of the moves have something to vary. */
static sg_status check_moves(const editing *all, sg_error *error)
{
    const sg_edit_request *edit = &all->work.common.edit;
    const bool sweep = all->film.output.path && !all->pulse && !all->wave;
    if (finds(all))
        return SG_OK;
    if ((all->strip || sweep) && sg_edit_list_is_empty(&edit->moves) &&
        sg_edit_list_is_empty(&edit->styles))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--%s varies moves and styles, but neither --move nor --style is given",
                       all->strip ? "strip" : "film");
    if (!sg_edit_request_edits(edit) && !all->pulse && !all->wave)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "nothing is edited: give --move, --style, --text, --towards, --mapper, --w, "
                       "--mix, --layer-psi, --radius, --clamp or --centers");
    if (edit->centers > 0 && all->work.common.psi == 1 && sg_edit_list_is_empty(&edit->psis) &&
        edit->radius == 0 && !all->pulse && !all->wave)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--centers are where truncation leads, but nothing is truncated: give "
                       "--trunc below 1");
    return SG_OK;
}

static sg_status open_words(editing *all, sg_error *error)
{
    const sg_status status = sg_word_edits_open(&all->words, &all->work, &all->search, error);
    if (status && error) /* also where a file is missing, which is no bad usage */
        sg_fields_respell(&sg_word_fields, error->message, sizeof error->message);
    return status;
}

/* Lets all pictures follow the mapper. */
static sg_status move_by_mapper(editing *all, sg_error *error)
{
    const sg_status status = sg_mapper_edits_make(all->mapper, all->strength, &all->work, error);
    if (status && error)
        sg_fields_respell(&mapper_fields_table, error->message, sizeof error->message);
    else if (!status)
        sg_edit_request_follow(&all->work.common.edit, all->work.found[0]);
    return status;
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    editing *all = state;
    sg_picture_work *work = &all->work;
    SG_TRY(check_sources(all, error));
    SG_TRY(sg_option_needed("outdir", work->common.folder, error));
    SG_TRY(check_words(all, error));
    SG_TRY(check_moves(all, error));
    SG_TRY(check_film(all, error));
    SG_TRY(sg_picture_work_prepare(work, watch, error));
    if (all->latents)
        SG_TRY(sg_sources_append_latents(
            &work->lists.seeds, &work->network, all->latents,
            (sg_style_label){work->common.class_index >= 0 ? work->common.class_index : 0,
                             work->common.label.values},
            &work->lists.w, error));
    if (!work->lists.seeds.text)
        work->lists.seeds.text = all->latents; /* for the remarks in files */
    size_t count = 0;
    SG_TRY(sg_picture_work_count(work, NULL, &count, error));
    if (sg_word_options_ask(&all->words))
        SG_TRY(open_words(all, error));
    if (all->mapper)
        SG_TRY(move_by_mapper(all, error));
    return all->film.output.path ? choose_grid(all, error) : SG_OK;
}

/* ---- the work ---- */

/* Shows the picture so far, where the terminal can. */
static void show(void *user, const sg_image *both)
{
    editing *all = user;
    sg_inline_picture_show(&all->place, both);
}

static void say_found(void *user, const sg_word_result *result)
{
    const editing *all = user;
    const size_t count = sg_guide_count(result->guide);
    const size_t kept = sg_guide_kept(result->guide);
    double strayed = 0;
    sg_terminal_watch_finish(all->watch->user); /* its line is not the result's */
    printf("%s:", result->source);
    for (size_t i = 0; i < count; i++) {
        char name[SG_EDIT_TEXT_BYTES];
        snprintf(name, sizeof name, "%s", sg_guide_name(result->guide, i));
        printf("%s %s %.3f, was %.3f", i > 0 ? ";" : "", sg_text_make_safe(name), result->after[i],
               result->before[i]);
    }
    for (size_t i = count; i < count + kept; i++)
        strayed = fmax(strayed, fabs(result->after[i] - result->before[i]));
    if (kept > 0)
        printf("; what is kept changed by at most %.3f", strayed);
    printf("\n");
    fflush(stdout);
}

static sg_status search(editing *all, const sg_watch *watch, sg_error *error)
{
    const sg_word_hooks hooks = {all, show, say_found};
    all->watch = watch;
    SG_TRY(sg_word_edits_run(all->search, &all->work, &hooks, watch, error));
    sg_edit_request_follow(&all->work.common.edit, all->work.found[0]);
    return SG_OK;
}

static sg_status edit(void *state, const sg_watch *watch, sg_error *error)
{
    editing *all = state;
    const sg_picture_work *work = &all->work;
    const size_t count = work->lists.seeds.count;
    const char *folder = work->common.folder;
    SG_TRY(sg_make_folders(folder, error));
    if (all->search)
        SG_TRY(search(all, watch, error));
    const sg_edit_plan *plan = work->common.edit.plan;
    if (plan) {
        if (work->common.save_w && sg_edit_plan_shifts(plan))
            sg_watch_note(watch, "the files of w hold no shifts of styles, which are not in w");
        SG_TRY(sg_edit_paint(work, watch, error));
        printf("%zu edited picture%s in %s, with before-after.png\n", count,
               count == 1 ? " is" : "s are", folder);
    }
    if (all->strip) {
        SG_TRY(sg_edit_strip(work, (size_t)all->strip, watch, error));
        printf("The strip is in %s/strip.png\n", folder);
    }
    if (all->film.output.path) {
        SG_TRY(sg_make_parent_folder(all->film.output.path, error));
        SG_TRY(sg_edit_film_paint(work, &all->film, watch, error));
        printf("The film is in %s\n", all->film.output.path);
    }
    return SG_OK;
}

static int run(const sg_command *command, void *options)
{
    editing *all = options;
    sg_interrupt_watch(SG_INTERRUPT_ENDS);
    const int status = sg_command_work(command, "editing", "pictures", prepare, edit, all);
    sg_word_edits_close(all->search);
    sg_picture_work_clear(&all->work);
    sg_psis_codec.clear(&all->work.lists.psis); /* the list of no option: --trunc is a number */
    return status;
}

static const sg_option_group groups[] = {
    SG_GROUP_AT(sg_network_fields_table, editing, work),
    SG_GROUP_AT(sg_seeds_fields_table, editing, work),
    SG_GROUP_OF_ALL(source_fields_table),
    SG_GROUP_AT(sg_class_fields_table, editing, work),
    SG_GROUP_AT(sg_label_fields, editing, work.common),
    SG_GROUP_AT(sg_sum_fields, editing, work.common),
    SG_GROUP_AT(sg_edit_fields, editing, work.common),
    {&sg_word_fields, offsetof(editing, words), offsetof(editing, words.given), NULL},
    {&mapper_fields_table, 0, offsetof(editing, mapper_given), NULL},
    SG_GROUP_AT(sg_truncation_fields, editing, work.common),
    SG_GROUP_AT(sg_center_fields, editing, work.common),
    SG_GROUP_AT(sg_noise_fields, editing, work.common),
    SG_GROUP_OF_ALL(film_fields_table),
    SG_GROUP_AT(sg_outdir_fields_table, editing, work),
    SG_GROUP_AT(sg_sheet_fields_table, editing, work),
    SG_GROUP_AT(sg_save_w_fields, editing, work.common),
    SG_GROUP_AT(sg_painting_fields_table, editing, work.compute),
};

const sg_command sg_edit_command = {
    .name = "edit",
    .summary = "Edit pictures along directions, by styles, sums and mixes",
    .synopsis = "--network FILE --seeds LIST --directions FILE --move NAME=AMOUNT --outdir DIR "
                "[options]",
    .description =
        "Paints every start, edited, to DIR/seed0000.png and so on, and DIR/before-after.png with "
        "each start beside its edit. A start is a seed, a w from a file (--seeds 3,photo.npz), a "
        "latent from a file (--z), or a sum of w (--w), whose sheet shows its terms and, for "
        "seeds, the "
        "same sum of their latents z.\n\n"
        "--move goes along a direction of a file that \"stylegan directions\" or another program "
        "wrote, by so many standard deviations; --style shifts a single channel of StyleSpace; "
        "--mix takes a share of another w. LAYERS are inputs of the synthesis network, counted "
        "from 0, the coarsest. The order is: truncation of every w, the sum, mixes, moves, styles. "
        "With --orthogonal no move changes what another one is for; --keep names directions that "
        "must not change although nothing moves along them.\n\n"
        "--towards searches, for each start by itself, for the w or styles whose picture has an "
        "attribute that a classifier knows (--classifier), near the start, and --text for those "
        "whose picture fits a text, as CLIP sees it (--features); --keep names attributes whose "
        "answers stay. before-after.png shows what was found, --strip and --film the way "
        "there, edits.json the answers. --mapper moves each w in one pass, as a network tells that "
        "\"train --cfg mapper\" has trained.\n\n"
        "--radius, --clamp, --layer-psi and --centers are ways of truncation besides --trunc. The "
        "same edits are options of generate, mix and interpolate, and keys of a line of JSON.",
    .examples =
        "  stylegan edit --network faces.safetensors --seeds 0-7 --directions d.safetensors \\\n"
        "      --move smile=2 --outdir smiling\n"
        "  stylegan edit --network faces.safetensors --seeds projected_w.npz \\\n"
        "      --directions d.safetensors --move smile=2@0-7 --move age=-1 --orthogonal \\\n"
        "      --strip 7 --outdir edited\n"
        "  stylegan edit --network faces.safetensors --w \"seed:1 - seed:2 + seed:3\" --trunc 0.7 "
        "\\\n"
        "      --outdir sum\n"
        "  stylegan edit --network faces.safetensors --seeds 3 --style b16.conv1:45=6 --strip 5 "
        "\\\n"
        "      --outdir channel\n"
        "  stylegan edit --network faces.safetensors --seeds 0-3 --classifier "
        "classifier.safetensors "
        "\\\n"
        "      --towards glasses --keep all --space styles --outdir glasses\n"
        "  stylegan edit --network ffhq.pkl --seeds projected_w.npz --features ViT-B-32.pt \\\n"
        "      --text \"a smiling face\" --text \"a beard=-0.5\" --outdir smiling\n"
        "  stylegan edit --network faces.safetensors --seeds 0-8 --trunc 0.4 --centers 32 \\\n"
        "      --outdir centers\n"
        "  stylegan edit --network faces.safetensors --seeds 0-5 --wave 0.4,1 --film wave.mp4 \\\n"
        "      --outdir wave",
    SG_TAKES(groups, editing),
    .defaults = &defaults,
    .run = run,
};
