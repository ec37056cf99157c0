/* Tables of fields that several commands share; see option_groups.h.
 * Tested by: tests/cli/test_cli.c */
#include "cli/options/option_groups.h"

#include <stdlib.h>

#include "base/parallel.h"
#include "pictures/picture_network.h"

/* ---- one option ---- */

/* The value is the whole struct. */
#define ONE_TEXT .kind = SG_FIELD_TEXT, .offset = 0

static const sg_field network_field = {ONE_TEXT, SG_FLAGS(SG_FIELD_REQUIRED),
                                       SG_OPTION("network", "FILE", "the network file"),
                                       SG_GROUP("Network")};
const sg_field_table sg_network_fields_table = {&network_field, 1, NULL};

static const sg_field seeds_field = {
    ONE_TEXT,
    SG_OPTION("seeds", "LIST", "the seeds of the pictures: numbers and ranges such as 0,1,4-6"),
    SG_GROUP("Pictures")};
const sg_field_table sg_seeds_fields_table = {&seeds_field, 1, NULL};

static const sg_field class_field = {
    .name = "class",
    ONE_TEXT,
    SG_OPTION("class", "N",
              "the class of all pictures, counted from 0; conditional networks need it"),
    SG_GROUP("Pictures")};
const sg_field_table sg_class_fields_table = {&class_field, 1, NULL};

static const sg_field classes_field = {
    .name = "class",
    ONE_TEXT,
    SG_OPTION("class", "LIST",
              "the class of the pictures, counted from 0, or several such as 0-9 or 3,5; "
              "conditional networks need it"),
    SG_GROUP("Pictures")};
const sg_field_table sg_classes_fields_table = {&classes_field, 1, NULL};

static const sg_field outdir_field = {
    ONE_TEXT, SG_OPTION("outdir", "DIR", "the folder for the pictures, made when it is missing"),
    SG_GROUP("Output")};
const sg_field_table sg_outdir_fields_table = {&outdir_field, 1, NULL};

/* ---- several ---- */

static const sg_field figure_fields[] = {
    {SG_FLAG(sg_figure_options, singles),
     SG_OPTION("singles", NULL, "also write every picture by itself"), SG_GROUP("Output")},
    {SG_FLAG(sg_figure_options, plain),
     SG_OPTION("plain", NULL, "figures of pictures alone: no labels, gaps and enlargement")},
};
const sg_field_table sg_figure_fields_table = {figure_fields, 2, NULL};

static const sg_field motion_fields[] = {
    {SG_FLAG(sg_motion_options, anchor),
     SG_OPTION("anchor", NULL,
               "place all pictures of a StyleGAN3 as the average one is, where each w moves and "
               "turns its own"),
     SG_GROUP("Motion")},
    {SG_FLAG(sg_motion_options, move_constant),
     SG_OPTION("move-constant", NULL,
               "let --translate and --rotate move the constant of a StyleGAN2, read as waves, to "
               "see how its details stick to the pixels")},
};
const sg_field_table sg_motion_fields_table = {motion_fields, 2, NULL};

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

const sg_field_codec sg_grid_codec = {.parse = parse_grid};

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

static sg_status prefix(const char *option, const sg_error *own, sg_error *error)
{
    return own->status ? sg_fail(error, own->status, "--%s: %s", option, own->message) : SG_OK;
}

sg_status sg_option_numbers(const char *option, const char *text, const char *noun,
                            uint32_t largest, sg_number_list *list, sg_error *error)
{
    sg_error own = {0};
    (void)sg_number_list_parse(text, noun, largest, list, &own);
    return prefix(option, &own, error);
}

sg_status sg_option_decimals(const char *option, const char *text, const char *noun,
                             sg_decimal_list *list, sg_error *error)
{
    sg_error own = {0};
    (void)sg_decimal_list_parse(text, noun, list, &own);
    return prefix(option, &own, error);
}
