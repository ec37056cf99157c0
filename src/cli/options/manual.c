/* Manual pages in groff's man macros; see manual.h.
 * Tested by: tests/install/test_install.sh */
#include "cli/options/manual.h"

#include <string.h>

#include "cli/options/foreign_options.h"
#include "cli/options/help.h"
#include "stylegan.h"

/*
 * Prints text with groff's special characters escaped, and a break between paragraphs. A `sentence`
 * begins with a capital letter.
 */
static void print_text(FILE *stream, const char *text, bool sentence)
{
    for (const char *at = text; *at; at++) {
        const bool line_start = at == text || at[-1] == '\n';
        if (line_start && (*at == '.' || *at == '\''))
            fputs("\\&", stream);
        if (line_start && *at == '\n')
            fputs(".PP\n", stream);
        else if (*at == '\\')
            fputs("\\e", stream);
        else if (*at == '-')
            fputs("\\-", stream);
        else if (at == text && sentence && *at >= 'a' && *at <= 'z')
            fputc(*at - 'a' + 'A', stream);
        else
            fputc(*at, stream);
    }
}

static void print_field(FILE *stream, const sg_command *command, const sg_field *field)
{
    char help[SG_HELP_BYTES];
    fputs(".TP\n\\fB", stream);
    if (field->letter)
        fprintf(stream, "\\-%c\\fR, \\fB", field->letter);
    fputs("\\-\\-", stream);
    print_text(stream, field->option, false);
    fputs("\\fR", stream);
    if (field->value) {
        fputs(" \\fI", stream);
        print_text(stream, field->value, false);
        fputs("\\fR", stream);
    }
    fputc('\n', stream);
    print_text(stream, sg_command_field_help(command, field, help), true);
    fputs(".\n", stream);
}

/* The options under their headings, each a heading of this macro. */
static void print_headings(FILE *stream, const sg_command *command)
{
    const char *heading = NULL;
    sg_command_field found;
    for (size_t i = 0; (found = sg_command_field_by_heading(command, i)).field; i++) {
        if (!heading || strcmp(heading, found.heading) != 0)
            fprintf(stream, ".SS %s\n", found.heading);
        heading = found.heading;
        print_field(stream, command, found.field);
    }
    fputs(".TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\nShow the options and examples.\n.PP\n", stream);
}

static void print_examples(FILE *stream, const sg_command *command)
{
    fputs(".nf\n", stream);
    print_text(stream, command->examples, false);
    fputs("\n.fi\n", stream);
}

/* A section for each part: what it does, its options, its examples. */
static void print_parts(FILE *stream, const sg_command *command)
{
    for (size_t i = 0; i < command->part_count; i++) {
        const sg_command *part = command->parts[i];
        fputs(".SH ", stream);
        print_text(stream, sg_command_part_name(part), false);
        fprintf(stream, "\n\\fBstylegan %s\\fR ", part->name);
        print_text(stream, part->synopsis, false);
        fputs("\n.PP\n", stream);
        print_text(stream, part->description, false);
        fputc('\n', stream);
        print_headings(stream, part);
        print_examples(stream, part);
    }
}

static void print_options(FILE *stream, const sg_command *command)
{
    char foreign[SG_FOREIGN_TEXT_BYTES];
    fputs(".SH OPTIONS\n", stream);
    print_headings(stream, command);
    print_text(stream, sg_foreign_options_describe(command->name, foreign), false);
    fputc('\n', stream);
}

void sg_manual_print(const sg_command *command, FILE *stream)
{
    fprintf(stream, ".TH STYLEGAN\\-%s 1 \"\" \"stylegan %s\" \"User Commands\"\n", command->name,
            sg_version());
    fprintf(stream, ".SH NAME\nstylegan\\-%s \\- ", command->name);
    print_text(stream, command->summary, false);
    fprintf(stream, "\n.SH SYNOPSIS\n\\fBstylegan %s\\fR ", command->name);
    print_text(stream, command->synopsis, false);
    fputs("\n.SH DESCRIPTION\n", stream);
    print_text(stream, command->description, false);
    fputc('\n', stream);
    if (command->part_count > 0)
        print_parts(stream, command);
    else
        print_options(stream, command);
    fputs(".SH EXAMPLES\n", stream);
    print_examples(stream, command);
    fputs(".SH EXIT STATUS\n0 when the work is done, 1 when it failed, 2 for bad usage.\n"
          ".SH SEE ALSO\n.BR stylegan (1)\n",
          stream);
}

void sg_manual_print_commands(const sg_command *const *commands, size_t count, FILE *stream)
{
    for (size_t i = 0; i < count; i++) {
        fprintf(stream, ".TP\n\\fBstylegan\\-%s\\fR(1)\n", commands[i]->name);
        print_text(stream, commands[i]->summary, false);
        fputs(".\n", stream);
    }
}
