/* Tables of fields as structs and texts: look-up, ranges and their sentences; see fields.h. */
#include "base/fields.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const double LARGEST_UINT64 = 9007199254740992.0; /* 2^53 */

/* ---- rows ---- */

void sg_given_set(sg_given *given, size_t index)
{
    if (index < SG_MOST_FIELDS)
        given->bits[index / 64] |= (uint64_t)1 << index % 64;
}

void sg_given_clear(sg_given *given, size_t index)
{
    if (index < SG_MOST_FIELDS)
        given->bits[index / 64] &= ~((uint64_t)1 << index % 64);
}

bool sg_given_has(const sg_given *given, size_t index)
{
    return index < SG_MOST_FIELDS && (given->bits[index / 64] >> index % 64 & 1) != 0;
}

const sg_field *sg_field_at(const sg_field_table *table, size_t index)
{
    for (; table && index >= table->count; table = table->also)
        index -= table->count;
    return table ? &table->rows[index] : NULL;
}

int sg_field_find(const sg_field_table *table, const char *keyword)
{
    const sg_field *row;
    for (size_t i = 0; (row = sg_field_at(table, i)); i++)
        if (row->name && strcmp(row->name, keyword) == 0 && !(row->flags & SG_FIELD_UNSAVED))
            return (int)i;
    return -1;
}

int sg_field_find_option(const sg_field_table *table, const char *option)
{
    const sg_field *row;
    for (size_t i = 0; (row = sg_field_at(table, i)); i++)
        if (row->option && strcmp(row->option, option) == 0)
            return (int)i;
    return -1;
}

bool sg_given_at(const sg_field_table *table, const sg_given *given, size_t offset)
{
    const sg_field *row;
    for (size_t i = 0; (row = sg_field_at(table, i)); i++)
        if (row->offset == offset && row->kind < SG_FIELD_CONSTANT && sg_given_has(given, i))
            return true;
    return false;
}

void sg_given_set_at(const sg_field_table *table, sg_given *given, size_t offset)
{
    const sg_field *row;
    for (size_t i = 0; (row = sg_field_at(table, i)); i++)
        if (row->offset == offset && row->kind < SG_FIELD_CONSTANT)
            sg_given_set(given, i);
}

static bool is_list(const sg_field *row)
{
    return row->kind == SG_FIELD_INTS || row->kind == SG_FIELD_NUMBERS;
}

size_t sg_field_bytes(const sg_field *row)
{
    static const size_t bytes[SG_FIELD_IGNORED + 1] = {
        [SG_FIELD_FLAG] = sizeof(bool),
        [SG_FIELD_INT] = sizeof(int),
        [SG_FIELD_UINT64] = sizeof(uint64_t),
        [SG_FIELD_NUMBER] = sizeof(double),
        [SG_FIELD_TEXT] = sizeof(char *),
        [SG_FIELD_CHOICE] = sizeof(int),
        [SG_FIELD_INTS] = sizeof(int),
        [SG_FIELD_NUMBERS] = sizeof(double),
        [SG_FIELD_CODED] = 1,
    };
    const bool counted = is_list(row) || row->kind == SG_FIELD_CODED;
    return bytes[row->kind] * (counted ? row->count : 1);
}

void sg_fields_copy_given(const sg_field_table *table, const sg_given *given, const void *from,
                          void *to)
{
    const sg_field *row;
    for (size_t i = 0; (row = sg_field_at(table, i)); i++)
        if (sg_given_has(given, i))
            memcpy((char *)to + row->offset, (const char *)from + row->offset, sg_field_bytes(row));
}

/* ---- public structs ---- */

/* Tells whether a public struct has the value as a text. */
static bool is_text_in_public(const sg_field *row)
{
    return row->kind == SG_FIELD_CHOICE || row->kind == SG_FIELD_CODED;
}

sg_status sg_fields_from_public(const sg_field_table *table, const void *source,
                                const void *initial, void *target, sg_given *given, sg_error *error)
{
    const sg_field *row;
    for (size_t i = 0; (row = sg_field_at(table, i)); i++) {
        const bool is_text = is_text_in_public(row);
        const size_t bytes = is_text ? sizeof(const char *) : sg_field_bytes(row);
        const void *value = (const char *)source + row->public_offset - 1;
        if (row->public_offset == 0 ||
            memcmp(value, (const char *)initial + row->public_offset - 1, bytes) == 0)
            continue;
        if (!is_text) {
            memcpy((char *)target + row->offset, value, bytes);
            SG_TRY(sg_field_check(row, target, SG_SPELL_MEMBER, error));
        } else if (*(const char *const *)value) {
            SG_TRY(
                sg_field_parse(row, *(const char *const *)value, target, SG_SPELL_MEMBER, error));
        } else {
            continue;
        }
        sg_given_set(given, i);
    }
    return SG_OK;
}

void sg_fields_to_public(const sg_field_table *table, const void *source, void *target)
{
    const sg_field *row;
    for (size_t i = 0; (row = sg_field_at(table, i)); i++)
        if (row->public_offset > 0 && !is_text_in_public(row))
            memcpy((char *)target + row->public_offset - 1, (const char *)source + row->offset,
                   sg_field_bytes(row));
}

/* ---- sentences ---- */

const char *sg_field_spell(const sg_field *field, sg_spelling spelling, char *text)
{
    const char *name = spelling == SG_SPELL_OPTION   ? field->option
                       : spelling == SG_SPELL_MEMBER ? field->member
                                                     : NULL;
    snprintf(text, SG_FIELD_SPELLING_BYTES, "%s%s", spelling == SG_SPELL_OPTION && name ? "--" : "",
             name ? name : field->name);
    return text;
}

static bool is_whole(const sg_field *field)
{
    return field->kind == SG_FIELD_INT || field->kind == SG_FIELD_UINT64 ||
           field->kind == SG_FIELD_INTS;
}

/* Returns the largest value of a row. */
static double most_of(const sg_field *field)
{
    if (field->least != 0 || field->most != 0)
        return field->most;
    return field->kind == SG_FIELD_UINT64 ? LARGEST_UINT64 : is_whole(field) ? INT_MAX : HUGE_VAL;
}

static bool in_range(const sg_field *field, double value)
{
    return isfinite(value) && (!is_whole(field) || value == floor(value)) &&
           value <= most_of(field) &&
           (field->flags & SG_FIELD_ABOVE ? value > field->least : value >= field->least);
}

/* "from 1 to 65536", "above 0", "0 or more". */
static void print_range(const sg_field *field, char *text, size_t size)
{
    const bool above = field->flags & SG_FIELD_ABOVE;
    const double most = most_of(field);
    if (isinf(most) || most == INT_MAX || most == LARGEST_UINT64)
        snprintf(text, size, above ? "above %.15g" : "%.15g or more", field->least);
    else
        snprintf(text, size, above ? "above %.15g, at most %.15g" : "from %.15g to %.15g",
                 field->least, most);
}

const char *sg_field_expected(const sg_field *field, char *text, size_t size)
{
    char names[256];
    char range[96];
    switch (field->kind) {
    case SG_FIELD_FLAG:
        if (!field->choices) {
            snprintf(text, size, "true or false");
            break;
        }
        /* fall through */
    case SG_FIELD_CHOICE:
        snprintf(text, size, "%s", sg_choice_list(field->choices, names, sizeof names));
        break;
    case SG_FIELD_TEXT:
        snprintf(text, size, "a text");
        break;
    case SG_FIELD_OBJECT:
        snprintf(text, size, "an object");
        break;
    case SG_FIELD_FLOATS:
        snprintf(text, size, "a list of 1 to %zu numbers", field->count);
        break;
    case SG_FIELD_INTS:
    case SG_FIELD_NUMBERS:
        print_range(field, range, sizeof range);
        snprintf(text, size, "a list of %zu %snumbers %s", field->count,
                 is_whole(field) ? "whole " : "", range);
        break;
    case SG_FIELD_CODED:
        snprintf(text, size, "%s", field->codec->expected);
        break;
    default:
        if (isinf(field->least)) {
            snprintf(text, size, "a finite number");
            break;
        }
        print_range(field, range, sizeof range);
        snprintf(text, size, "a %snumber %s", is_whole(field) ? "whole " : "", range);
    }
    return text;
}

/* "NAME is VALUE, but must be EXPECTED". */
static sg_status refuse(const sg_field *field, const char *value, sg_spelling spelling,
                        sg_error *error)
{
    char name[SG_FIELD_SPELLING_BYTES];
    char expected[320];
    return sg_fail(error, SG_ERROR_ARGUMENT, "%s is %.200s, but must be %s",
                   sg_field_spell(field, spelling, name), value,
                   sg_field_expected(field, expected, sizeof expected));
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* True if an option is spelled as the name is, but for '-' in place of '_'. */
static bool is_option(const char *option, const char *name, size_t length)
{
    size_t i = 0;
    while (i < length && option[i] == (name[i] == '_' ? '-' : name[i]))
        i++;
    return i == length && option[i] == '\0';
}

/* Finds the option of a member; several may lie in one struct, so the option's own name goes first.
 */
static const char *option_of_member(const sg_field_table *table, const char *name, size_t length)
{
    const sg_field *row;
    const char *found = NULL;
    for (size_t i = 0; (row = sg_field_at(table, i)); i++) {
        const char *member = row->member ? row->member : row->name;
        if (row->option && is_option(row->option, name, length))
            return row->option;
        if (!found && row->option && member && strlen(member) == length &&
            strncmp(member, name, length) == 0)
            found = row->option;
    }
    return found;
}

void sg_fields_respell(const sg_field_table *table, char *text, size_t size)
{
    sg_text spelled = {0};
    for (const char *at = text; *at;) {
        size_t length = 0;
        while (*at == '"' && is_word_byte(at[1 + length]))
            length++;
        const char *option =
            length && at[1 + length] == '"' ? option_of_member(table, at + 1, length) : NULL;
        if (option)
            sg_text_append(&spelled, "--%s", option);
        else
            sg_text_append_bytes(&spelled, at, 1);
        at += option ? length + 2 : 1;
    }
    if (spelled.bytes && !spelled.failed)
        snprintf(text, size, "%s", spelled.bytes);
    sg_text_clear(&spelled);
}

/* ---- texts ---- */

static sg_status parse_number(const sg_field *field, const char *text, void *value,
                              sg_spelling spelling, sg_error *error)
{
    char *end = NULL;
    char quoted[SG_FIELD_SPELLING_BYTES];
    const double number = strtod(text, &end);
    if (end == text || *end != '\0' || !in_range(field, number)) {
        snprintf(quoted, sizeof quoted, end == text || *end != '\0' ? "\"%s\"" : "%s", text);
        return refuse(field, quoted, spelling, error);
    }
    if (field->kind == SG_FIELD_INT)
        *(int *)value = (int)number;
    else if (field->kind == SG_FIELD_UINT64)
        *(uint64_t *)value = (uint64_t)number;
    else
        *(double *)value = number;
    return SG_OK;
}

/* Returns the words for the values of a choice or a flag. */
static const sg_choices *words_of(const sg_field *field)
{
    static const char *const words[] = {"false", "true"};
    static const sg_choices flag_words = SG_CHOICES(words);
    return field->choices ? field->choices : &flag_words;
}

static sg_status parse_name(const sg_field *field, const char *text, void *value,
                            sg_spelling spelling, sg_error *error)
{
    char quoted[208];
    const int found = sg_choice_find(words_of(field), text);
    if (found < 0) {
        snprintf(quoted, sizeof quoted, "\"%.200s\"", text);
        return refuse(field, quoted, spelling, error);
    }
    if (field->kind == SG_FIELD_FLAG)
        *(bool *)value = found != 0;
    else
        *(int *)value = found;
    return SG_OK;
}

/* Puts the field's name in front of what its codec says. */
static sg_status parse_coded(const sg_field *field, const char *text, void *value,
                             sg_spelling spelling, sg_error *error)
{
    sg_error own = {0};
    char name[SG_FIELD_SPELLING_BYTES];
    if (!field->codec->parse(text, value, &own))
        return SG_OK;
    return sg_fail(error, own.status, "%s%s%s", sg_field_spell(field, spelling, name),
                   own.message[0] == ':' ? "" : " ", own.message);
}

sg_status sg_field_parse(const sg_field *field, const char *text, void *target,
                         sg_spelling spelling, sg_error *error)
{
    void *value = (char *)target + field->offset;
    switch (field->kind) {
    case SG_FIELD_INT:
    case SG_FIELD_UINT64:
    case SG_FIELD_NUMBER:
        return parse_number(field, text, value, spelling, error);
    case SG_FIELD_FLAG:
    case SG_FIELD_CHOICE:
        return parse_name(field, text, value, spelling, error);
    case SG_FIELD_TEXT:
        *(const char **)value = text;
        return SG_OK;
    case SG_FIELD_CODED:
        return parse_coded(field, text, value, spelling, error);
    default:
        return refuse(field, "a text", spelling, error);
    }
}

/* Appends the text of a value that a codec knows. */
static void print_coded(const sg_field *field, const void *value, sg_text *text)
{
    if (field->codec->print) {
        field->codec->print(value, text);
        return;
    }
    cJSON *json = field->codec->to_json ? field->codec->to_json(value) : NULL;
    if (json && cJSON_IsString(json))
        sg_text_append(text, "%s", json->valuestring);
    text->failed = text->failed || (field->codec->to_json && !json);
    cJSON_Delete(json);
}

void sg_field_print(const sg_field *field, const void *source, sg_text *text)
{
    char number[SG_NUMBER_TEXT_BYTES];
    const void *value = (const char *)source + field->offset;
    const char *borrowed = NULL;
    switch (field->kind) {
    case SG_FIELD_INT:
        sg_text_append(text, "%d", *(const int *)value);
        break;
    case SG_FIELD_UINT64:
        sg_text_append(text, "%llu", (unsigned long long)*(const uint64_t *)value);
        break;
    case SG_FIELD_NUMBER:
        sg_print_number(number, *(const double *)value);
        sg_text_append(text, "%s", number);
        break;
    case SG_FIELD_FLAG:
        sg_text_append(text, "%s", sg_choice_name(words_of(field), *(const bool *)value));
        break;
    case SG_FIELD_CHOICE:
        sg_text_append(text, "%s", sg_choice_name(words_of(field), (size_t) * (const int *)value));
        break;
    case SG_FIELD_TEXT:
        borrowed = *(const char *const *)value;
        sg_text_append(text, "%s", borrowed ? borrowed : "");
        break;
    case SG_FIELD_CODED:
        print_coded(field, value, text);
        break;
    default:
        break;
    }
}

/* ---- checks ---- */

/* Checks the elements of a number, or of a list of numbers. */
static sg_status check_numbers(const sg_field *field, const void *value, sg_spelling spelling,
                               sg_error *error)
{
    char text[48];
    for (size_t i = 0; i < (is_list(field) ? field->count : 1); i++) {
        const double number = field->kind == SG_FIELD_UINT64 ? (double)*(const uint64_t *)value
                              : is_whole(field)              ? ((const int *)value)[i]
                                                             : ((const double *)value)[i];
        const bool none = (field->flags & SG_FIELD_NULLABLE && number == field->null_value) ||
                          (field->flags & SG_FIELD_ZERO_NONE && number == 0);
        if (none || in_range(field, number))
            continue;
        snprintf(text, sizeof text, "%.15g", number);
        return refuse(field, text, spelling, error);
    }
    return SG_OK;
}

sg_status sg_field_check(const sg_field *field, const void *target, sg_spelling spelling,
                         sg_error *error)
{
    char text[16];
    const void *value = (const char *)target + field->offset;
    switch (field->kind) {
    case SG_FIELD_INT:
    case SG_FIELD_UINT64:
    case SG_FIELD_NUMBER:
    case SG_FIELD_INTS:
    case SG_FIELD_NUMBERS:
        return check_numbers(field, value, spelling, error);
    case SG_FIELD_CHOICE:
        if ((size_t) * (const int *)value < field->choices->count)
            return SG_OK;
        snprintf(text, sizeof text, "%d", *(const int *)value);
        return refuse(field, text, spelling, error);
    case SG_FIELD_OBJECT:
        return sg_fields_check(field->nested, value, NULL, spelling, error);
    default:
        return SG_OK;
    }
}

sg_status sg_fields_check(const sg_field_table *table, const void *target, const sg_given *given,
                          sg_spelling spelling, sg_error *error)
{
    const sg_field *row;
    for (size_t i = 0; (row = sg_field_at(table, i)); i++)
        if (!given || sg_given_has(given, i))
            SG_TRY(sg_field_check(row, target, spelling, error));
    return SG_OK;
}
