/* Help in lines of at most 80 columns, options under headings; see help.h.
 * Tested by: tests/cli/test_cli.c */
#include "cli/options/help.h"

#include <string.h>

#include "cli/options/foreign_options.h"

enum { LINE_COLUMNS = 80, HELP_COLUMN = 28, LABEL_BYTES = 80 };

/* Tells whether a list (NULL: an empty one) has an option. */
static bool is_listed(const char *const *names, const char *option)
{
    for (; names && *names; names++)
        if (strcmp(*names, option) == 0)
            return true;
    return false;
}

/* Tells whether the command takes an option of the group's table. */
static bool is_taken(const sg_command *command, const sg_option_group *group, const char *option)
{
    const bool replaced = group != command->groups && is_listed(command->replaces, option);
    return (!group->only || is_listed(group->only, option)) && !replaced;
}

/* Tells whether a part before this one has an option of that name. */
static bool is_in_earlier_part(const sg_command *command, size_t part, const char *option)
{
    const sg_field *field;
    for (size_t i = 0; i < part; i++)
        for (size_t k = 0; (field = sg_command_field_at(command->parts[i], k).field); k++)
            if (strcmp(field->option, option) == 0)
                return true;
    return false;
}

/* Returns the `index`-th option of all parts together, each name once, for completions. */
static sg_command_field field_of_parts(const sg_command *command, size_t index)
{
    sg_command_field found;
    for (size_t i = 0; i < command->part_count; i++)
        for (size_t k = 0; (found = sg_command_field_at(command->parts[i], k)).field; k++)
            if (!is_in_earlier_part(command, i, found.field->option) && index-- == 0)
                return found;
    return (sg_command_field){0};
}

sg_command_field sg_command_field_at(const sg_command *command, size_t index)
{
    if (command->part_count > 0)
        return field_of_parts(command, index);
    const char *heading = "Options";
    const sg_field *field;
    for (size_t i = 0; i < command->group_count; i++) {
        const sg_option_group *group = &command->groups[i];
        for (size_t row = 0; (field = sg_field_at(group->table, row)); row++) {
            if (field->group)
                heading = field->group;
            if (field->option && is_taken(command, group, field->option) && index-- == 0)
                return (sg_command_field){field, group, row, heading};
        }
    }
    return (sg_command_field){.heading = heading};
}

/* Tells whether the field at `index` is the first under its heading. */
static bool begins_heading(const sg_command *command, size_t index)
{
    const char *heading = sg_command_field_at(command, index).heading;
    for (size_t i = 0; i < index; i++)
        if (strcmp(sg_command_field_at(command, i).heading, heading) == 0)
            return false;
    return true;
}

sg_command_field sg_command_field_by_heading(const sg_command *command, size_t index)
{
    sg_command_field first;
    sg_command_field found;
    for (size_t i = 0; (first = sg_command_field_at(command, i)).field; i++) {
        if (!begins_heading(command, i))
            continue;
        for (size_t k = i; (found = sg_command_field_at(command, k)).field; k++)
            if (strcmp(found.heading, first.heading) == 0 && index-- == 0)
                return found;
    }
    return (sg_command_field){0};
}

void sg_command_respell(const sg_command *command, char *text, size_t size)
{
    for (size_t i = 0; i < command->group_count; i++)
        sg_fields_respell(command->groups[i].table, text, size);
}

const char *sg_command_field_help(const sg_command *command, const sg_field *field, char *text)
{
    snprintf(text, SG_HELP_BYTES, "%s%s%s%s", field->help ? field->help : "",
             field->usual ? " (" : "", field->usual ? field->usual : "", field->usual ? ")" : "");
    sg_command_respell(command, text, SG_HELP_BYTES);
    return text;
}

/* Prints words wrapped to lines that begin with `indent` blanks; the cursor is at `column`. */
static void print_wrapped(FILE *stream, const char *text, int indent, int column)
{
    while (*text) {
        const int length = (int)strcspn(text, " \n");
        if (column > indent && column + 1 + length > LINE_COLUMNS) {
            fprintf(stream, "\n%*s", indent, "");
            column = indent;
        }
        column += fprintf(stream, "%s%.*s", column > indent ? " " : "", length, text);
        text += length;
        if (*text == '\n') {
            fprintf(stream, "\n%*s", indent, "");
            column = indent;
        }
        text += *text != '\0';
    }
    fputc('\n', stream);
}

static bool is_quoted(const char *line, size_t index)
{
    char quote = '\0';
    for (size_t i = 0; i < index; i++)
        if (quote ? line[i] == quote : line[i] == '\'' || line[i] == '"')
            quote = quote ? '\0' : line[i];
    return quote;
}

/* Returns where to break a line of the shell: before an option, otherwise before a word; 0:
 * nowhere. */
static size_t find_break(const char *line, size_t room)
{
    size_t word = 0;
    const size_t start = strspn(line, " ");
    for (size_t cut = room; cut > start; cut--) {
        if (line[cut] != ' ' || is_quoted(line, cut))
            continue;
        if (line[cut + 1] == '-' && line[cut + 2] != ' ')
            return cut;
        word = word ? word : cut;
    }
    return word;
}

/* Prints a line for a shell, broken with backslashes where it passes the last column. */
static void print_shell_line(FILE *stream, const char *line)
{
    enum { CONTINUED = 6 };
    int column = 0;
    while (column + (int)strlen(line) > LINE_COLUMNS) {
        const size_t cut = find_break(line, (size_t)(LINE_COLUMNS - column - 2));
        if (cut == 0)
            break;
        fprintf(stream, "%.*s \\\n%*s", (int)cut, line, CONTINUED, "");
        column = CONTINUED;
        line += cut + 1;
    }
    fprintf(stream, "%s\n", line);
}

/* Prints the examples; a line that ends in a backslash is one with the next. */
static void print_examples(FILE *stream, const char *examples)
{
    char line[1000];
    size_t length = 0;
    for (const char *at = examples; *at != '\0' && length + 1 < sizeof line; at++) {
        if (at[0] == '\\' && at[1] == '\n') {
            at += 1 + strspn(at + 2, " ");
            continue;
        }
        if (*at != '\n')
            line[length++] = *at;
        if (*at == '\n' || at[1] == '\0') {
            line[length] = '\0';
            print_shell_line(stream, line);
            length = 0;
        }
    }
}

/* "-n, --name VALUE". */
static int print_label(FILE *stream, const sg_field *field)
{
    char letter[8] = "    ";
    if (field->letter)
        snprintf(letter, sizeof letter, "-%c, ", field->letter);
    return fprintf(stream, "  %s--%s%s%s", letter, field->option, field->value ? " " : "",
                   field->value ? field->value : "");
}

static void print_field(FILE *stream, const sg_command *command, const sg_field *field,
                        bool ignored)
{
    char help[SG_HELP_BYTES];
    char text[SG_HELP_BYTES + 32];
    snprintf(text, sizeof text, "%s%s", sg_command_field_help(command, field, help),
             ignored ? " [no effect here]" : "");
    int column = print_label(stream, field);
    if (column >= HELP_COLUMN) {
        fputc('\n', stream);
        column = 0;
    }
    fprintf(stream, "%*s", HELP_COLUMN - column, "");
    print_wrapped(stream, text, HELP_COLUMN, HELP_COLUMN);
}

static bool is_ignored(const sg_command *command, const sg_field *field, const void *options)
{
    const unsigned audience = command->audience ? command->audience(options) : 0;
    return audience && field->audience && !(field->audience & audience);
}

static void print_parts(FILE *stream, const sg_command *command)
{
    enum { PART_COLUMN = 29 };
    fputs("\nCommands:\n", stream);
    for (size_t i = 0; i < command->part_count; i++) {
        const sg_command *part = command->parts[i];
        const int column = fprintf(stream, "  %s", part->name);
        fprintf(stream, "%*s", column < PART_COLUMN ? PART_COLUMN - column : 1, "");
        print_wrapped(stream, part->summary, PART_COLUMN,
                      column < PART_COLUMN ? PART_COLUMN : column + 1);
    }
    fprintf(stream, "\n\"stylegan %s --help\" shows the options of one.\n",
            command->parts[0]->name);
}

static void print_all_options(FILE *stream, const sg_command *command, const void *options)
{
    const char *heading = NULL;
    sg_command_field found;
    for (size_t i = 0; (found = sg_command_field_by_heading(command, i)).field; i++) {
        if (!heading || strcmp(heading, found.heading) != 0)
            fprintf(stream, "\n%s:\n", found.heading);
        heading = found.heading;
        print_field(stream, command, found.field, is_ignored(command, found.field, options));
    }
    fprintf(stream, "  -h, --help%*sshow this help\n\n", HELP_COLUMN - 12, "");
}

void sg_help_print(const sg_command *command, const void *options, FILE *stream)
{
    char foreign[SG_FOREIGN_TEXT_BYTES];
    const int usage = fprintf(stream, "Usage: stylegan %s ", command->name);
    print_wrapped(stream, command->synopsis, usage, usage);
    fputc('\n', stream);
    print_wrapped(stream, command->description, 0, 0);
    if (command->describe)
        command->describe(options);
    if (command->part_count > 0) {
        print_parts(stream, command);
    } else {
        print_all_options(stream, command, options);
        print_wrapped(stream, sg_foreign_options_describe(command->name, foreign), 0, 0);
    }
    fputs("\nExamples:\n", stream);
    print_examples(stream, command->examples);
}
