/*
 * Completions for bash, zsh and fish. All three know the commands, each command's options with a
 * word of help, and the names that an option chooses among; other values complete as files.
 * Tested by: tests/install/test_install.sh
 */
#include <string.h>

#include "cli/options/help.h"
#include "cli/options/manual.h"

enum { NAMES_BYTES = 512, HELP_BYTES = 160 };

/* Returns the names that a field chooses among, blanks between; "" for other fields. */
static const char *choices_of(const sg_field *field, char *text)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; field->choices && i < field->choices->count && length < NAMES_BYTES; i++) {
        const int added = snprintf(text + length, NAMES_BYTES - length, "%s%s", i ? " " : "",
                                   sg_choice_name(field->choices, i));
        length += added > 0 ? (size_t)added : 0;
    }
    return text;
}

/* Returns the first phrase of a field's help, without characters that the shells quote. */
static const char *short_help(const sg_field *field, char *text)
{
    const char *help = field->help ? field->help : "";
    const size_t length = strcspn(help, ";,:([");
    size_t count = 0;
    for (size_t i = 0; i < length && count + 1 < HELP_BYTES; i++)
        if (!strchr("'\"\\`$", help[i]))
            text[count++] = help[i];
    text[count] = '\0';
    return text;
}

/* ---- bash ---- */

static void print_bash_options(const sg_command *command, FILE *stream)
{
    sg_command_field found;
    fprintf(stream, "    %s) options=\"--help", command->name);
    for (size_t i = 0; (found = sg_command_field_at(command, i)).field; i++)
        fprintf(stream, " --%s", found.field->option);
    fputs("\" ;;\n", stream);
}

/* The names of a command's parts, as its first argument. */
static void print_bash_parts(const sg_command *command, FILE *stream)
{
    if (command->part_count == 0)
        return;
    fprintf(stream, "    \"%s 2\") choices=\"", command->name);
    for (size_t i = 0; i < command->part_count; i++)
        fprintf(stream, "%s%s", i ? " " : "", sg_command_part_name(command->parts[i]));
    fputs("\" ;;\n", stream);
}

static void print_bash_choices(const sg_command *command, FILE *stream)
{
    char names[NAMES_BYTES];
    sg_command_field found;
    for (size_t i = 0; (found = sg_command_field_at(command, i)).field; i++)
        if (*choices_of(found.field, names))
            fprintf(stream, "    \"%s --%s\") choices=\"%s\" ;;\n", command->name,
                    found.field->option, names);
}

static void print_bash(const sg_command *const *commands, size_t count, FILE *stream)
{
    fputs("# bash completion for stylegan\n_stylegan()\n{\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} options= choices= commands=\"help",
          stream);
    for (size_t i = 0; i < count; i++)
        fprintf(stream, " %s", commands[i]->name);
    fputs("\"\n    COMPREPLY=()\n    case ${COMP_WORDS[1]} in\n", stream);
    for (size_t i = 0; i < count; i++)
        print_bash_options(commands[i], stream);
    fputs(
        "    help) choices=$commands ;;\n    esac\n    case \"${COMP_WORDS[1]} $COMP_CWORD\" in\n",
        stream);
    for (size_t i = 0; i < count; i++)
        print_bash_parts(commands[i], stream);
    fputs("    esac\n"
          "    case \"${COMP_WORDS[1]} ${COMP_WORDS[COMP_CWORD-1]}\" in\n",
          stream);
    for (size_t i = 0; i < count; i++)
        print_bash_choices(commands[i], stream);
    fputs("    esac\n"
          "    if ((COMP_CWORD == 1)); then choices=\"$commands --help --version\"\n"
          "    elif [[ $word == -* ]]; then choices=$options\n    fi\n"
          "    if [[ -n $choices ]]; then COMPREPLY=($(compgen -W \"$choices\" -- \"$word\"))\n"
          "    else compopt -o default; fi\n}\ncomplete -F _stylegan stylegan\n",
          stream);
}

/* ---- zsh ---- */

static void print_zsh_option(const sg_field *field, FILE *stream)
{
    char names[NAMES_BYTES];
    char help[HELP_BYTES];
    const bool repeated = field->flags & SG_FIELD_REPEATED;
    fprintf(stream, " \\\n            '%s--%s[%s]", repeated ? "*" : "", field->option,
            short_help(field, help));
    if (field->value && *choices_of(field, names))
        fprintf(stream, ":%s:(%s)", field->option, names);
    else if (field->value)
        fprintf(stream, ":%s:_files", field->option);
    fputc('\'', stream);
}

static void print_zsh(const sg_command *const *commands, size_t count, FILE *stream)
{
    sg_command_field found;
    fputs("#compdef stylegan\n_stylegan()\n{\n    if ((CURRENT == 2)); then\n"
          "        local -a commands=('help:Show the help of a command'",
          stream);
    for (size_t i = 0; i < count; i++)
        fprintf(stream, " \\\n            '%s:%s'", commands[i]->name, commands[i]->summary);
    fputs(")\n        _describe command commands\n        return\n    fi\n    case $words[2] in\n",
          stream);
    for (size_t i = 0; i < count; i++) {
        fprintf(stream, "    %s)\n        shift words; ((CURRENT--))\n        _arguments",
                commands[i]->name);
        for (size_t k = 0; k < commands[i]->part_count; k++)
            fprintf(stream, "%s%s%s", k == 0 ? " \\\n            '1:part:(" : " ",
                    sg_command_part_name(commands[i]->parts[k]),
                    k + 1 == commands[i]->part_count ? ")'" : "");
        for (size_t k = 0; (found = sg_command_field_at(commands[i], k)).field; k++)
            print_zsh_option(found.field, stream);
        fputs(" \\\n            '--help[show the help]' '*:file:_files' ;;\n", stream);
    }
    fputs("    esac\n}\n_stylegan \"$@\"\n", stream);
}

/* ---- fish ---- */

static void print_fish(const sg_command *const *commands, size_t count, FILE *stream)
{
    char names[NAMES_BYTES];
    char help[HELP_BYTES];
    sg_command_field found;
    for (size_t i = 0; i < count; i++) {
        fprintf(stream, "complete -c stylegan -n __fish_use_subcommand -f -a %s -d '%s'\n",
                commands[i]->name, commands[i]->summary);
        for (size_t k = 0; k < commands[i]->part_count; k++)
            fprintf(stream,
                    "complete -c stylegan -n '__fish_seen_subcommand_from %s' -f -a %s -d '%s'\n",
                    commands[i]->name, sg_command_part_name(commands[i]->parts[k]),
                    commands[i]->parts[k]->summary);
        for (size_t k = 0; (found = sg_command_field_at(commands[i], k)).field; k++) {
            const sg_field *field = found.field;
            fprintf(stream, "complete -c stylegan -n '__fish_seen_subcommand_from %s' -l %s",
                    commands[i]->name, field->option);
            if (field->value)
                fputs(" -r", stream);
            if (*choices_of(field, names))
                fprintf(stream, " -f -a '%s'", names);
            fprintf(stream, " -d '%s'\n", short_help(field, help));
        }
    }
}

bool sg_completions_print(const char *shell, const sg_command *const *commands, size_t count,
                          FILE *stream)
{
    if (strcmp(shell, "bash") == 0)
        print_bash(commands, count, stream);
    else if (strcmp(shell, "zsh") == 0)
        print_zsh(commands, count, stream);
    else if (strcmp(shell, "fish") == 0)
        print_fish(commands, count, stream);
    else
        return false;
    return true;
}
