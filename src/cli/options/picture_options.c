/* Options and the network of the picture commands; see picture_options.h. */
#include "cli/options/picture_options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fields.h"
#include "cli/options/command.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/report.h"
#include "models/family.h"
#include "nn/noise_mode.h"

enum { LARGEST_THREAD_COUNT = 1024 };

/* ---- options ---- */

int sg_check_required(const sg_usage *usage, const sg_required_option *options, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!options[i].value)
            return sg_old_usage_error(usage, "the option %s is missing", options[i].name);
    if (options[count - 1].value[0] == '\0')
        return sg_old_usage_error(usage, "%s must name a %s", options[count - 1].name,
                                  strcmp(options[count - 1].name, "--outdir") == 0 ? "folder"
                                                                                   : "file");
    return SG_EXIT_DONE;
}

int sg_check_threads(const sg_usage *usage, int threads)
{
    if (threads < 0 || threads > LARGEST_THREAD_COUNT)
        return sg_old_usage_error(usage, "--threads must be from 1 to %d (or 0 for all), not %d",
                                  LARGEST_THREAD_COUNT, threads);
    return SG_EXIT_DONE;
}

int sg_check_psi(const sg_usage *usage, double psi)
{
    if (!isfinite(psi))
        return sg_old_usage_error(usage, "--trunc must be a finite number, not %g", psi);
    return SG_EXIT_DONE;
}

/* Reads a number of pictures and moves *text behind it; 0 when there is none. */
static int read_side(const char **text)
{
    long value = 0;
    if (**text >= '1' && **text <= '9') {
        char *end = NULL;
        value = strtol(*text, &end, 10);
        *text = end;
    }
    return value <= SG_LARGEST_GRID_SIDE ? (int)value : 0;
}

int sg_check_grid(const sg_usage *usage, const char *text, int *columns, int *rows)
{
    const char *at = text;
    *columns = read_side(&at);
    const bool separated = *at == 'x' || *at == 'X';
    at += separated;
    *rows = read_side(&at);
    if (*columns < 1 || *rows < 1 || !separated || *at != '\0')
        return sg_old_usage_error(
            usage,
            "--grid takes WIDTHxHEIGHT in pictures, such as 4x2, each from 1 to "
            "%d, not \"%s\"",
            SG_LARGEST_GRID_SIDE, text);
    return SG_EXIT_DONE;
}

int sg_check_noise_mode(const sg_usage *usage, const char *name, sg_noise_mode *mode)
{
    const int found = sg_noise_mode_from_name(name ? name : "const");
    if (found < 0)
        return sg_old_usage_error(usage, "--noise-mode must be const, random or none, not \"%s\"",
                                  name);
    *mode = (sg_noise_mode)found;
    return SG_EXIT_DONE;
}

int sg_check_place(const sg_usage *usage, sg_place_options *place)
{
    sg_decimal_list numbers = {0};
    place->transform = (sg_transform){.degrees = place->rotate};
    if (!isfinite(place->rotate))
        return sg_old_usage_error(usage, "--rotate must be a finite number, not %g", place->rotate);
    if (!place->translate)
        return SG_EXIT_DONE;
    const bool read = !sg_decimal_list_parse(place->translate, "shares", &numbers, NULL);
    const bool pair = read && numbers.count == 2;
    if (pair) {
        place->transform.x = numbers.values[0];
        place->transform.y = numbers.values[1];
    }
    sg_decimal_list_clear(&numbers);
    return pair ? SG_EXIT_DONE
                : sg_old_usage_error(
                      usage,
                      "--translate takes X,Y in shares of the picture's side, such as "
                      "0.25,-0.1, not \"%s\"",
                      place->translate);
}

int sg_list_failure(const sg_usage *usage, const char *option, const sg_error *error)
{
    return error->status == SG_ERROR_ARGUMENT
               ? sg_old_usage_error(usage, "%s: %s", option, error->message)
               : sg_report_failure(usage->command, error);
}

int sg_check_seeds(const sg_usage *usage, const char *option, const char *text,
                   sg_number_list *seeds)
{
    sg_error error = {0};
    if (sg_number_list_parse(text, "seeds", UINT32_MAX, seeds, &error))
        return sg_list_failure(usage, option, &error);
    return SG_EXIT_DONE;
}

/* ---- the network ---- */

/* The spelling of fields that the library's sentences name. */
static const sg_field rows[] = {{.name = "class", .option = "class"}};
static const SG_FIELD_TABLE(rows, NULL);

void sg_print_note(const void *owner, const char *sentence)
{
    const sg_usage *usage = owner;
    sg_error note = {0};
    snprintf(note.message, sizeof note.message, "%s", sentence);
    sg_fields_respell(&rows_table, &note);
    sg_report_warning(usage->command, "%s", note.message);
}

/* Says what failed and returns the exit status. */
static int fail(const sg_usage *usage, sg_error *error)
{
    sg_fields_respell(&rows_table, error);
    return error->status == SG_ERROR_ARGUMENT ? sg_old_usage_error(usage, "%s", error->message)
                                              : sg_report_failure(usage->command, error);
}

int sg_open_network(const sg_usage *usage, const char *path, sg_picture_network *network)
{
    sg_terminal_watch watch;
    sg_error error = {0};
    sg_terminal_watch_start(&watch, "", "", sg_print_note, usage);
    if (sg_picture_network_open(network, path, &watch.watch, &error))
        return sg_report_failure(usage->command, &error);
    return SG_EXIT_DONE;
}

int sg_check_classes(const sg_usage *usage, const sg_picture_network *network, const char *text,
                     sg_number_list *classes)
{
    sg_terminal_watch watch;
    sg_error error = {0};
    sg_terminal_watch_start(&watch, "", "", sg_print_note, usage);
    if (sg_picture_network_classes(network, text, &watch.watch, classes, &error))
        return fail(usage, &error);
    return SG_EXIT_DONE;
}

sg_status sg_load_network(sg_picture_network *network, const sg_compute_options *compute,
                          sg_error *error)
{
    return sg_picture_network_load(
        network, &(sg_context_options){.threads = compute->threads, .exact = compute->exact},
        error);
}

int sg_place_pictures(const sg_usage *usage, const sg_picture_network *network,
                      const sg_place_options *place)
{
    sg_error error = {0};
    const bool constant =
        place->move_constant && sg_family_of(network->config.family)->moves_constant;
    if (!place->anchor && (constant || sg_transform_is_identity(&place->transform)))
        return SG_EXIT_DONE;
    if (sg_picture_network_check_movable(network, &error))
        return sg_old_usage_error(usage, "%s", error.message);
    if (place->anchor)
        sg_generator_anchor(network->generator);
    return SG_EXIT_DONE;
}
