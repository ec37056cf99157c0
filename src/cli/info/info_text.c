/*
 * A network file as text for people: its metadata, a line for each network, and what goes into the
 * generator; on request also each network's config and a table of its layers and tensors, in the
 * spirit of the official programs' module summary.
 * Tested by: tests/cli/test_convert.c
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/machine/memory.h"
#include "base/text.h"
#include "checkpoint/network/network_classes.h"
#include "checkpoint/network/network_load.h"
#include "cli/info/network_summary.h"
#include "models/family.h"
#include "pictures/layer_ranges.h"

enum {
    LONGEST_METADATA = 200, /* bytes of a value that are shown */
    RESOLUTIONS_A_LINE = 4,
    COUNT_BYTES = 32,
    CELL_BYTES = 128
};

/* "1,234,567" */
static const char *print_count(int64_t count, char text[COUNT_BYTES])
{
    char digits[COUNT_BYTES];
    const int length = snprintf(digits, sizeof digits, "%" PRId64, count);
    char *end = text;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            *end++ = ',';
        *end++ = digits[i];
    }
    *end = '\0';
    return text;
}

/* Returns the same, or nothing for 0. */
static const char *print_nonzero(int64_t count, char text[COUNT_BYTES])
{
    text[0] = '\0';
    return count ? print_count(count, text) : text;
}

/* The first bytes of a text from a file, on one line and without control characters. */
static void print_foreign(const char *text)
{
    char shown[LONGEST_METADATA + 1];
    const int length = snprintf(shown, sizeof shown, "%s", text);
    printf("%s%s", sg_text_make_safe(shown), length > LONGEST_METADATA ? " ..." : "");
}

static void print_metadata(const sg_network_file *file)
{
    for (size_t i = 0; i < sg_network_metadata_count(file); i++) {
        const sg_metadata pair = sg_network_metadata_at(file, i);
        fputs(i ? "  " : "\nMetadata\n  ", stdout);
        print_foreign(pair.key);
        printf(": ");
        print_foreign(pair.value);
        putchar('\n');
    }
}

static void print_ignored(const sg_network_file *file)
{
    for (size_t i = 0; i < sg_network_ignored_count(file); i++) {
        fputs(i ? "  " : "\nIgnored\n  ", stdout);
        print_foreign(sg_network_ignored_at(file, i));
        putchar('\n');
    }
}

/* "  KEY  value" for every keyword, nested ones with their object's name in front. */
static void print_config(const cJSON *config, const char *prefix)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, config)
    {
        char key[CELL_BYTES];
        snprintf(key, sizeof key, "%s%s", prefix, item->string);
        if (cJSON_IsObject(item)) {
            char nested[CELL_BYTES + 1];
            snprintf(nested, sizeof nested, "%s.", key);
            print_config(item, nested);
            continue;
        }
        char *value = cJSON_PrintUnformatted(item);
        printf("  %-34s %s\n", sg_text_make_safe(key), value ? sg_text_make_safe(value) : "");
        cJSON_free(value);
    }
}

/* "32 x 16x16", "512" or nothing. */
static const char *print_output(const sg_layer_summary *layer, char text[CELL_BYTES])
{
    text[0] = '\0';
    if (layer->output_rank == 3)
        snprintf(text, CELL_BYTES, "%" PRId64 " x %" PRId64 "x%" PRId64, layer->output[0],
                 layer->output[1], layer->output[2]);
    else if (layer->output_rank == 1)
        snprintf(text, CELL_BYTES, "%" PRId64, layer->output[0]);
    return text;
}

static int wider(int width, size_t length)
{
    return (int)length > width ? (int)length : width;
}

/* Columns of the table, in characters. */
typedef struct table_widths {
    int name, shape;
} table_widths;

static table_widths measure(const sg_network_summary *summary)
{
    char shape[CELL_BYTES];
    table_widths widths = {.name = 14, .shape = 5};
    for (size_t i = 0; i < summary->layer_count; i++)
        widths.name = wider(widths.name, strlen(summary->layers[i].name));
    for (size_t i = 0; i < summary->tensor_count; i++) {
        widths.name = wider(widths.name, strlen(summary->tensors[i].name) + 2);
        widths.shape =
            wider(widths.shape, strlen(sg_shape_print(&summary->tensors[i].shape, shape)));
    }
    return widths;
}

static void print_row(table_widths widths, const char *name, const char *shape,
                      const char *parameters, const char *buffers, const char *output)
{
    char row[4 * CELL_BYTES];
    snprintf(row, sizeof row, "  %-*s  %-*s  %12s  %12s  %s", widths.name, name, widths.shape,
             shape, parameters, buffers, output);
    size_t length = strlen(row);
    while (row[length - 1] == ' ')
        length--;
    row[length] = '\0';
    puts(sg_text_make_safe(row));
}

static void print_tensor(table_widths widths, const sg_tensor_summary *tensor)
{
    char name[SG_PARAMETER_NAME_BYTES + 2];
    char shape[CELL_BYTES];
    char count[COUNT_BYTES];
    snprintf(name, sizeof name, "  %s", tensor->name);
    print_count(sg_shape_count(&tensor->shape), count);
    print_row(widths, name, sg_shape_print(&tensor->shape, shape), tensor->buffer ? "" : count,
              tensor->buffer ? count : "", "");
}

static void print_table(const sg_network_summary *summary)
{
    const table_widths widths = measure(summary);
    char parameters[COUNT_BYTES];
    char buffers[COUNT_BYTES];
    char output[CELL_BYTES];
    print_row(widths, "Layer / tensor", "Shape", "Parameters", "Buffers", "Output");
    for (size_t i = 0; i < summary->layer_count; i++) {
        const sg_layer_summary *layer = &summary->layers[i];
        print_row(widths, layer->name, "", print_nonzero(layer->parameters, parameters),
                  print_nonzero(layer->buffers, buffers), print_output(layer, output));
        for (size_t j = 0; j < layer->count; j++)
            print_tensor(widths, &summary->tensors[layer->first + j]);
    }
    print_row(widths, "Total", "", print_count(summary->parameters, parameters),
              print_count(summary->buffers, buffers), "");
}

/* Prints "0-2" for the styles of these resolutions, after `text`; they follow each other. */
static void print_styles(const sg_network_summary *summary, int smallest, int largest)
{
    int first = -1;
    int last = -1;
    for (int i = 0; i < summary->num_ws; i++)
        if (summary->styles[i] >= smallest && summary->styles[i] <= largest) {
            first = first < 0 ? i : first;
            last = i;
        }
    printf(first < last ? "%d-%d" : "%d", first, last);
}

/* "0 at 4x4, 1-2 at 8x8": the styles of each resolution; then those of the words that name them. */
static void print_all_styles(const sg_network_summary *summary)
{
    static const char *const names[SG_STYLE_RANGES] = {"coarse", "middle", "fine"};
    sg_layer_range ranges[SG_STYLE_RANGES];
    int count = 0; /* of resolutions */
    printf("  num_ws    %d, the styles of the synthesis network:\n", summary->num_ws);
    for (int i = 0; i < summary->num_ws; i++) {
        const int resolution = summary->styles[i];
        if (i > 0 && summary->styles[i - 1] == resolution)
            continue;
        const bool starts_line = count++ % RESOLUTIONS_A_LINE == 0;
        fputs(!starts_line ? ", " : i > 0 ? ",\n            " : "            ", stdout);
        print_styles(summary, resolution, resolution);
        printf(" at %" PRId64 "x%" PRId64, summary->width * resolution / summary->resolution,
               summary->height * resolution / summary->resolution);
    }
    putchar('\n');
    if (!sg_style_ranges(summary->resolution, ranges))
        return;
    for (int i = 0; i < SG_STYLE_RANGES; i++) {
        printf("%s%s ", i > 0 ? ", " : "            ", names[i]);
        print_styles(summary, ranges[i].smallest, ranges[i].largest);
    }
    putchar('\n');
}

/* Prints what goes into a generator, and how long it was trained if the file says so. */
static void print_inputs(const sg_network_file *file, const sg_network_summary *summary)
{
    const char *kimg = sg_network_metadata(file, "kimg");
    const int layers = summary->mapping_layers;
    printf("\n  z         %d number%s\n", summary->z_dim, summary->z_dim == 1 ? "" : "s");
    if (summary->num_ws > 1)
        printf("  w         %d number%s, by a mapping network of %d layer%s\n", summary->w_dim,
               summary->w_dim == 1 ? "" : "s", layers, layers == 1 ? "" : "s");
    if (summary->classes > 0)
        printf("  classes   %d, counted from 0 to %d\n", summary->classes, summary->classes - 1);
    else
        puts("  classes   none");
    if (summary->num_ws > 1)
        print_all_styles(summary);
    if (kimg) {
        printf("  trained   kimg ");
        print_foreign(kimg);
        putchar('\n');
    }
}

/* Prints a list's texts with commas between, at most as many as a line has room for. */
static void print_names(const cJSON *names)
{
    enum { MOST_NAMES = 20 };
    int count = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, names)
    {
        if (count == MOST_NAMES) {
            printf(" ...");
            break;
        }
        fputs(count++ ? ", " : "", stdout);
        print_foreign(item->valuestring);
    }
}

/* Prints what a classifier tells, and how well, if the file says so. */
static void print_answers(const sg_network_file *file, const sg_network_summary *summary)
{
    const char *accuracy = sg_network_metadata(file, "accuracy");
    cJSON *names = sg_network_class_names(file, summary->classes);
    printf("  %-9s %d, counted from 0 to %d%s",
           summary->output == SG_OUTPUT_CLASSES ? "classes" : "attributes", summary->classes,
           summary->classes - 1, names ? ": " : "");
    print_names(names);
    putchar('\n');
    cJSON_Delete(names);
    if (accuracy) {
        printf("  accuracy  ");
        print_foreign(accuracy);
        printf(" of the answers on pictures that were held out of the training\n");
    }
}

static void print_details(const sg_network_summary *summary)
{
    putchar('\n');
    print_config(summary->config, "");
    putchar('\n');
    print_table(summary);
}

static void print_drawn_noise(const sg_network_file *file, sg_network_part part)
{
    size_t all = 0;
    const size_t lacking = sg_network_lacking_noise(file, part, &all);
    if (lacking > 0 && lacking == all)
        puts("The file has no constant noise: it is drawn, always the same.");
    else if (lacking > 0)
        printf("The file lacks the constant noise of %zu of %zu layers: it is drawn, always the "
               "same.\n",
               lacking, all);
}

/* "A picture takes 58 MB of memory and 14.8 billion multiply-adds." */
static void print_cost(const sg_network_cost *cost)
{
    static const char *const words[] = {"thousand", "million", "billion", "trillion"};
    char memory[SG_BYTES_BYTES];
    double number = cost->multiply_adds * 1e-3;
    size_t word = 0;
    for (; number >= 999.5 && word + 1 < sizeof words / sizeof *words; word++)
        number *= 1e-3;
    if (cost->peak_bytes > 0)
        printf("A picture takes %s of memory and %.3g %s multiply-adds.\n",
               sg_print_bytes(memory, cost->peak_bytes), number, words[word]);
}

static void print_mapper(const sg_network_summary *summary, bool layers)
{
    char parameters[COUNT_BYTES];
    const sg_mapper_config *mapper = &summary->mapper;
    printf("M: a mapper that moves %d w of %d numbers (", mapper->num_ws, mapper->w_dim);
    if (mapper->coarse > 0)
        printf("coarse 0-%d, ", mapper->coarse - 1);
    else
        printf("none is coarse, ");
    if (mapper->middle > mapper->coarse)
        printf("middle to %d", mapper->middle - 1);
    else
        printf("none is middle");
    printf("), %s parameters\n", print_count(summary->parameters, parameters));
    if (layers)
        print_details(summary);
}

static void print_network(const sg_network_file *file, const sg_network_summary *summary,
                          bool layers)
{
    char parameters[COUNT_BYTES];
    const char *name = sg_network_part_name(summary->part);
    if (summary->error.status) {
        printf("%s cannot be built: %s\n", name, summary->error.message);
        return;
    }
    if (summary->part == SG_PART_M) {
        print_mapper(summary, layers);
        return;
    }
    const char *title = summary->part == SG_PART_E
                            ? ""
                            : sg_family_of(sg_network_family(file, summary->part))->title;
    const bool classifies = summary->output != SG_OUTPUT_SCORE;
    printf("%s: ", name);
    if (classifies)
        printf("a classifier of %d %s with the body of a %s discriminator", summary->classes,
               sg_choice_name(&sg_output_choices, summary->output), title);
    else if (summary->part == SG_PART_E)
        printf("an encoder of the kind %s, %d codes of %d numbers for the synthesis",
               sg_choice_name(&sg_encoder_choices, summary->encoder.kind), summary->encoder.num_ws,
               summary->encoder.w_dim);
    else
        printf("the %s of a %s network",
               summary->part == SG_PART_D   ? "discriminator"
               : summary->part == SG_PART_G ? "generator"
                                            : "averaged generator",
               title);
    printf(", %" PRId64 "x%" PRId64 " pixels, %" PRId64 " channel%s, %s parameters\n",
           summary->width, summary->height, summary->channels, summary->channels == 1 ? "" : "s",
           print_count(summary->parameters, parameters));
    print_cost(&summary->cost);
    if (classifies)
        print_answers(file, summary);
    if (sg_network_lacks_average(file, summary->part))
        printf("The file has no average of w, which truncation needs: it is the mean over %d "
               "latents.\n",
               SG_AVERAGE_LATENTS);
    print_drawn_noise(file, summary->part);
    if (layers)
        print_details(summary);
}

/* Says which options the file does not tell. */
static void print_assumed(const sg_network_file *file)
{
    const char *assumed = sg_network_assumed(file);
    if (assumed)
        printf("\nNot in the file: %s. --config gives others.\n", assumed);
}

void sg_info_print_text(const sg_network_file *file, uint64_t bytes,
                        const sg_network_summary *summaries, size_t count, bool layers)
{
    const sg_network_summary *generator = NULL;
    char size[COUNT_BYTES];
    size_t tensors = 0;
    const char *dialect = sg_network_dialect(file);
    for (int part = 0; part < SG_PART_COUNT; part++)
        tensors += sg_network_tensor_count(file, (sg_network_part)part);
    printf("%s: a network file (%s%s%s), %s bytes, %zu tensors\n", sg_network_path(file),
           sg_network_container(file), dialect ? ", " : "", dialect ? dialect : "",
           print_count((int64_t)bytes, size), tensors);
    print_metadata(file);
    print_ignored(file);
    for (size_t i = 0; i < count; i++) {
        fputs(i == 0 || layers ? "\n" : "", stdout);
        print_network(file, &summaries[i], layers);
        if (!generator && summaries[i].num_ws > 0 && !summaries[i].error.status)
            generator = &summaries[i];
    }
    if (generator)
        print_inputs(file, generator);
    print_assumed(file);
    if (!layers)
        puts("\n--layers adds the configs, layers and tensors.");
}
