/* Renames the tensors of other programs' networks by patterns, as a layout of state dicts. */
#include "checkpoint/programs/program_network.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "checkpoint/programs/program_options.h"
#include "checkpoint/programs/program_table.h"

enum { LARGEST_NUMBER = 99999, NUMBER_BYTES = 12 };

const sg_layer_row sg_dense_rows[] = {
    {"weight", "weight", {.rank = 2}},
    {"bias", "bias", {.rank = 1}},
    {0},
};

const sg_layer_row sg_convolution_rows[] = {
    {"weight", "weight", {.rank = 4}},
    {"bias", "bias", {.rank = 1}},
    {0},
};

/* ---- the table ---- */

#define NETWORK_POINTER(name) &sg_##name##_names,
static const sg_program_network *const networks[] = {SG_PROGRAM_NETWORKS(NETWORK_POINTER)};

static bool has_marks(const sg_program_network *network, const sg_foreign_tensors *tensors)
{
    for (size_t i = 0; i < sizeof network->marks / sizeof network->marks[0]; i++)
        if (network->marks[i] && !sg_foreign_tensors_find(tensors, network->marks[i]))
            return false;
    return true;
}

/* Returns the network that has these tensors; NULL if none is known. */
static const sg_program_network *find_network(const sg_foreign_tensors *tensors)
{
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++)
        if (has_marks(networks[i], tensors))
            return networks[i];
    return NULL;
}

/* ---- patterns ---- */

/* Reads a number in decimal digits; returns the text after it, or NULL. */
static const char *read_number(const char *text, int *number)
{
    const char *at = text;
    *number = 0;
    for (; isdigit((unsigned char)*at) && *number <= LARGEST_NUMBER; at++)
        *number = *number * 10 + (*at - '0');
    return at > text && *number <= LARGEST_NUMBER ? at : NULL;
}

/*
 * Compares the beginning of a name with a pattern; *number is what '#' stands for, -1 without one.
 * Returns the rest of the name; NULL if it does not fit.
 */
static const char *fit(const char *pattern, const char *name, int *number)
{
    *number = -1;
    for (; name && *pattern != '\0'; pattern++) {
        int found = 0;
        if (*pattern != '#') {
            if (*name++ != *pattern)
                return NULL;
            continue;
        }
        name = read_number(name, &found);
        if (!name || (*number >= 0 && found != *number))
            return NULL;
        *number = found;
    }
    return name;
}

/* A block of a network, and one of its layers. */
typedef struct position {
    int block; /* 0: 4x4; -1: below */
    int layer;
} position;

static int block_of_pixels(int pixels)
{
    int block = 0;
    while (block < SG_MOST_LEVELS && 4 << block < pixels)
        block++;
    return 4 << block == pixels ? block : SG_MOST_LEVELS;
}

/* Finds the block and the layer that a number stands for; `top` is the last block. */
static position locate(sg_name_count count, int number, int top)
{
    switch (count) {
    case SG_COUNT_BLOCKS:
        return (position){number, 0};
    case SG_COUNT_LATER_BLOCKS:
        return (position){number + 1, 0};
    case SG_COUNT_LAYERS:
        return (position){number / 2, number % 2};
    case SG_COUNT_LATER_LAYERS:
        return (position){(number + 1) / 2, (number + 1) % 2};
    case SG_COUNT_PAIRS:
        return (position){number / 2 + 1, number % 2};
    case SG_COUNT_PIXELS:
        return (position){block_of_pixels(number), 0};
    case SG_COUNT_TOP:
        return (position){top, 0};
    case SG_COUNT_BLOCKS_DOWN:
        return (position){top - number, 0};
    case SG_COUNT_LAYERS_DOWN:
        return (position){top - number / 2, number % 2};
    case SG_COUNT_NOTHING:
    case SG_COUNT_FROM_ONE:
        break;
    }
    return (position){0, 0};
}

static bool is_at(sg_name_place place, position at)
{
    const bool within = at.block >= 0 && at.block < SG_MOST_LEVELS;
    switch (place) {
    case SG_PLACE_LATER:
        return within && at.block > 0;
    case SG_PLACE_START:
        return within && at.layer == 0;
    case SG_PLACE_AFTER:
        return at.block == -1;
    case SG_PLACE_ANY:
        break;
    }
    return within;
}

/* Where a tensor belongs: its row, the row within the layer if there is one, and its number. */
typedef struct match {
    const sg_name_row *row;
    const sg_layer_row *tensor;
    int number;
    position at;
} match;

/* Prints the official name; false if it is too long. */
static bool print_official(const match *found, char official[SG_PARAMETER_NAME_BYTES])
{
    size_t length = 0;
    for (const char *from = found->row->official; *from != '\0'; from++) {
        char part[NUMBER_BYTES] = {*from, '\0'};
        if (*from == '#')
            snprintf(part, sizeof part, "%d", found->number);
        else if (*from == '@')
            snprintf(part, sizeof part, "%d", 4 << found->at.block);
        else if (*from == '&')
            snprintf(part, sizeof part, "%d", found->at.layer);
        if (length + strlen(part) >= SG_PARAMETER_NAME_BYTES)
            return false;
        memcpy(official + length, part, strlen(part) + 1);
        length += strlen(part);
    }
    const size_t room = SG_PARAMETER_NAME_BYTES - length;
    return !found->tensor ||
           (size_t)snprintf(official + length, room, ".%s", found->tensor->official) < room;
}

/* ---- tensors ---- */

/* A part being read. */
typedef struct reading {
    const sg_program_network *network;
    sg_state_dict *dict;
    int top; /* the last block */
} reading;

/* Prints a pattern with a number for each '#'. */
static void print_pattern(const char *pattern, int number, char name[SG_PARAMETER_NAME_BYTES])
{
    size_t length = 0;
    for (; *pattern != '\0' && length + NUMBER_BYTES < SG_PARAMETER_NAME_BYTES; pattern++)
        if (*pattern == '#')
            length += (size_t)snprintf(name + length, NUMBER_BYTES, "%d", number);
        else
            name[length++] = *pattern;
    name[length] = '\0';
}

/* Counts the blocks of a network. */
static int count_blocks(const sg_block_names *blocks, const sg_foreign_tensors *tensors)
{
    const bool pixels = blocks->count == SG_COUNT_PIXELS;
    int count = 0;
    for (; blocks->pattern && count <= 2 * SG_MOST_LEVELS; count++) {
        char name[SG_PARAMETER_NAME_BYTES];
        print_pattern(blocks->pattern, pixels ? 4 << count : count, name);
        if (!sg_foreign_tensors_find(tensors, name))
            break;
    }
    return blocks->count == SG_COUNT_LAYERS ? count / 2 : count;
}

/* Finds the row of a layer's tensor by the rest of its name, ".weight". */
static const sg_layer_row *find_in_layer(const sg_layer_row *layer, const char *rest)
{
    for (; layer->official; layer++)
        if (*rest == '.' && strcmp(rest + 1, layer->foreign) == 0)
            return layer;
    return NULL;
}

/* Finds where the tensor of a name belongs; a NULL row if no row fits. */
static match find_match(const reading *read, const char *name)
{
    for (const sg_name_row *row = read->network->rows; row->foreign; row++) {
        match found = {.row = row};
        const char *rest = fit(row->foreign, name, &found.number);
        if (!rest)
            continue;
        found.tensor = row->layer ? find_in_layer(row->layer, rest) : NULL;
        if (row->layer ? !found.tensor : *rest != '\0')
            continue;
        found.at = locate(row->count, found.number, read->top);
        found.number -= row->count == SG_COUNT_FROM_ONE;
        if (row->count <= SG_COUNT_FROM_ONE || is_at(row->place, found.at))
            return found;
    }
    return (match){0};
}

/* Adds an array under its official name. */
static sg_status add_known(const reading *read, const sg_foreign_tensor *found,
                           const sg_foreign_form *form, const char *official)
{
    const sg_state_dict *dict = read->dict;
    char text[200];
    sg_network_tensor tensor;
    if (sg_network_tensor_from_array(found->value, form->order, form->rank, form->added, &tensor))
        return sg_network_contents_add(dict->contents, dict->part, official, &tensor, dict->error);
    return sg_fail(dict->error, SG_ERROR_FORMAT,
                   "%s, %s: the tensor %.100s is %s, which cannot stand for %s",
                   dict->contents->path, sg_network_part_name(dict->part), found->name,
                   sg_value_describe(found->value, text), official);
}

/* Adds a tensor, unless no row fits its name: such a tensor is left to be reported. */
static sg_status add_tensor(const reading *read, sg_foreign_tensor *found)
{
    char official[SG_PARAMETER_NAME_BYTES];
    const match place = find_match(read, found->name);
    if (!place.row)
        return SG_OK;
    found->taken = true;
    if (place.row->refusal)
        return sg_state_dict_refuse(read->dict, place.row->refusal);
    if (!place.row->official)
        return SG_OK;
    found->taken = print_official(&place, official);
    return !found->taken
               ? SG_OK
               : add_known(read, found, place.tensor ? &place.tensor->form : &place.row->form,
                           official);
}

/* ---- the layout ---- */

static bool is_generator(const sg_foreign_tensors *tensors)
{
    const sg_program_network *network = find_network(tensors);
    return network && !network->discriminator;
}

static bool is_discriminator(const sg_foreign_tensors *tensors)
{
    const sg_program_network *network = find_network(tensors);
    return network && network->discriminator;
}

static sg_status read_dict(sg_state_dict *dict)
{
    const sg_program_network *network = find_network(&dict->tensors);
    const reading read = {.network = network,
                          .dict = dict,
                          .top = count_blocks(&network->blocks, &dict->tensors) - 1};
    dict->contents->dialect = network->title;
    dict->contents->parts[dict->part].lacks_derived = true;
    for (size_t i = 0; i < dict->tensors.count; i++)
        SG_TRY(add_tensor(&read, &dict->tensors.items[i]));
    SG_TRY(sg_program_configure(network, dict));
    return sg_state_dict_take_rest(dict, "resample_filter");
}

const sg_dict_layout sg_programs_layout = {
    .title = "state dict of another program",
    .is_generator = is_generator,
    .is_discriminator = is_discriminator,
    .read = read_dict,
};
