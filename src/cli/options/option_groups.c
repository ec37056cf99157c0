/* Tables of fields that several commands share; see option_groups.h.
 * Tested by: tests/cli/test_cli.c */
#include "cli/options/option_groups.h"

#include <stdlib.h>
#include <string.h>

#include "checkpoint/network/network_keywords.h"

/* ---- lists ---- */

static sg_status prefix(const sg_error *own, sg_error *error)
{
    return own->status ? sg_fail(error, own->status, ": %s", own->message) : SG_OK;
}

static sg_status parse_seeds(const char *text, void *value, sg_error *error)
{
    sg_error own = {0};
    sg_number_list *seeds = value;
    sg_number_list_clear(seeds);
    if (!sg_sources_have_files(text))
        (void)sg_number_list_parse(text, "seeds", UINT32_MAX, seeds, &own);
    else if (!sg_sources_check(text, &own))
        seeds->text = text; /* the network says how to read the files */
    return prefix(&own, error);
}

static sg_status parse_numbers(const char *text, void *value, sg_error *error)
{
    sg_error own = {0};
    sg_number_list_clear(value);
    (void)sg_number_list_parse(text, "numbers", UINT32_MAX, value, &own);
    return prefix(&own, error);
}

static sg_status parse_decimals(const char *text, const char *what, void *value, sg_error *error)
{
    sg_error own = {0};
    sg_decimal_list_clear(value);
    (void)sg_decimal_list_parse(text, what, value, &own);
    return prefix(&own, error);
}

static sg_status parse_psis(const char *text, void *value, sg_error *error)
{
    return parse_decimals(text, "truncations", value, error);
}

static sg_status parse_lengths(const char *text, void *value, sg_error *error)
{
    return parse_decimals(text, "lengths in kimg", value, error);
}

static sg_status keep_classes(const char *text, void *value, sg_error *error)
{
    (void)error;
    ((sg_number_list *)value)->text = text;
    return SG_OK;
}

static void clear_numbers(void *list)
{
    sg_number_list_clear(list);
}

static void clear_decimals(void *list)
{
    sg_decimal_list_clear(list);
}

static sg_status keep_keywords(const char *text, void *value, sg_error *error)
{
    cJSON *keywords = NULL;
    SG_TRY(sg_network_keywords_parse(text, &keywords, error));
    cJSON_Delete(keywords);
    *(const char **)value = text;
    return SG_OK;
}

const sg_field_codec sg_keywords_codec = {.parse = keep_keywords};
const sg_field_codec sg_seeds_codec = {.parse = parse_seeds, .clear = clear_numbers};
const sg_field_codec sg_numbers_codec = {.parse = parse_numbers, .clear = clear_numbers};
const sg_field_codec sg_classes_codec = {.parse = keep_classes, .clear = clear_numbers};
const sg_field_codec sg_psis_codec = {.parse = parse_psis, .clear = clear_decimals};
const sg_field_codec sg_lengths_codec = {.parse = parse_lengths, .clear = clear_decimals};

/* ---- pictures ---- */

static const sg_field rows[] = {
    {SG_TEXT(sg_picture_work, path), SG_FLAGS(SG_FIELD_POSITIONAL | SG_FIELD_REQUIRED),
     SG_OPTION("network", "FILE",
               "the network file, also without --network; of a run's folder, its newest snapshot"),
     SG_GROUP("Network")},
    {SG_CODED(sg_picture_work, lists.seeds, &sg_seeds_codec),
     SG_OPTION("seeds", "LIST",
               "the seeds of the pictures: numbers and ranges such as 0,1,4-6, and files of w"),
     SG_GROUP("Pictures")},
    {"class", SG_CODED(sg_picture_work, lists.classes, &sg_classes_codec),
     SG_OPTION("class", "N",
               "the class of all pictures, counted from 0; conditional networks need it"),
     SG_GROUP("Pictures")},
    {"class", SG_CODED(sg_picture_work, lists.classes, &sg_classes_codec),
     SG_OPTION("class", "LIST",
               "the class of the pictures, counted from 0, or several such as 0-9, 3,5 or all; "
               "conditional networks need it"),
     SG_GROUP("Pictures")},
    {SG_TEXT(sg_picture_work, common.folder),
     SG_OPTION("outdir", "DIR", "the folder for the pictures, made when it is missing"),
     SG_GROUP("Output")},
    {SG_FLAG(sg_picture_work, singles),
     SG_OPTION("singles", NULL, "also write every picture by itself"), SG_GROUP("Output")},
    {"plain", SG_FLAG(sg_picture_work, plain),
     SG_OPTION("plain", NULL, "sheets of pictures alone: no labels, gaps and enlargement")},
    {SG_INT(sg_picture_work, common.scale, 1, 64),
     SG_OPTION("scale", "N", "show every pixel as a square of N by N"),
     SG_USUAL("1; in sheets more for small pictures")},
    {SG_FLAG(sg_picture_work, motion.anchor),
     SG_OPTION("anchor", NULL,
               "place all pictures of a StyleGAN3 as the average one is, where each w moves and "
               "turns its own"),
     SG_GROUP("Motion")},
    {SG_FLAG(sg_picture_work, motion.move_constant),
     SG_OPTION("move-constant", NULL,
               "let --translate and --rotate move the constant of a StyleGAN2, read as waves, to "
               "see how its details stick to the pixels")},
};

static const sg_field config_rows[] = {
    {SG_CODED(sg_picture_work, network.keywords, &sg_keywords_codec), SG_CONFIG_OPTION,
     SG_GROUP("Network")},
};
static const SG_FIELD_TABLE(config_rows, NULL);

const sg_field_table sg_network_fields_table = {&rows[0], 1, &config_rows_table};
const sg_field_table sg_seeds_fields_table = {&rows[1], 1, NULL};
const sg_field_table sg_class_fields_table = {&rows[2], 1, NULL};
const sg_field_table sg_classes_fields_table = {&rows[3], 1, NULL};
const sg_field_table sg_outdir_fields_table = {&rows[4], 1, NULL};
const sg_field_table sg_figure_fields_table = {&rows[5], 2, NULL};
const sg_field_table sg_sheet_fields_table = {&rows[6], 2, NULL};
const sg_field_table sg_scale_fields_table = {&rows[7], 1, NULL};
const sg_field_table sg_motion_fields_table = {&rows[8], 2, NULL};

int sg_picture_work_run(const sg_command *command, const char *label, const char *unit,
                        sg_command_part prepare, sg_command_part work, void *state)
{
    const int status = sg_command_work(command, label, unit, prepare, work, state);
    sg_picture_work_clear(state);
    return status;
}

/* ---- values ---- */

enum { LARGEST_GRID_SIDE = 10000 /* pictures */ };

/* Reads a number of pictures and moves *text past it; 0 when there is none. */
static int read_side(const char **text)
{
    long value = 0;
    if (**text >= '1' && **text <= '9') {
        char *end = NULL;
        value = strtol(*text, &end, 10);
        *text = end;
    }
    return value <= LARGEST_GRID_SIDE ? (int)value : 0;
}

static sg_status parse_grid(const char *text, void *value, sg_error *error)
{
    sg_grid_size *grid = value;
    const char *at = text;
    grid->columns = read_side(&at);
    const bool separated = *at == 'x' || *at == 'X';
    at += separated;
    grid->rows = read_side(&at);
    if (grid->columns >= 1 && grid->rows >= 1 && separated && *at == '\0')
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "takes WIDTHxHEIGHT in pictures, such as 4x2, each from 1 to %d, not \"%s\"",
                   LARGEST_GRID_SIDE, text);
}

static sg_status parse_auto_grid(const char *text, void *value, sg_error *error)
{
    if (strcmp(text, "auto") != 0)
        return parse_grid(text, value, error);
    *(sg_grid_size *)value = (sg_grid_size){SG_GRID_AUTO, SG_GRID_AUTO};
    return SG_OK;
}

const sg_field_codec sg_grid_codec = {.parse = parse_grid};
const sg_field_codec sg_auto_grid_codec = {.parse = parse_auto_grid};

static sg_status add_text(const char *text, void *value, sg_error *error)
{
    sg_text_list *list = value;
    if (list->count == SG_MOST_TEXTS)
        return sg_fail(error, SG_ERROR_ARGUMENT, "is given more than %d times", SG_MOST_TEXTS);
    list->texts[list->count++] = text;
    return SG_OK;
}

const sg_field_codec sg_text_list_codec = {.parse = add_text};

/* ---- checks ---- */

sg_status sg_option_needed(const char *option, const char *value, sg_error *error)
{
    if (!value)
        return sg_fail(error, SG_ERROR_ARGUMENT, "the option --%s is missing", option);
    if (!value[0])
        return sg_fail(error, SG_ERROR_ARGUMENT, "--%s must not be empty", option);
    return SG_OK;
}

sg_status sg_option_numbers(const char *option, const char *text, const char *noun,
                            uint32_t largest, sg_number_list *list, sg_error *error)
{
    sg_error own = {0};
    if (sg_number_list_parse(text, noun, largest, list, &own))
        return sg_fail(error, own.status, "--%s: %s", option, own.message);
    return SG_OK;
}
