/*
 * Tables of text; see table_reader.h.
 * Tested by: tests/data/labels/test_label_table.c
 */
#include "data/labels/table_reader.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* True for a blank that separates nothing. */
static bool is_padding(const sg_table_reader *reader)
{
    return reader->at < reader->end && is_blank(*reader->at) && reader->separator != *reader->at;
}

static bool is_line_end(const sg_table_reader *reader)
{
    return reader->at == reader->end || *reader->at == '\n' || *reader->at == '\r';
}

static bool is_separator(const sg_table_reader *reader)
{
    return reader->at < reader->end &&
           (*reader->at == reader->separator || (reader->separator == ' ' && *reader->at == '\t'));
}

static void skip_padding(sg_table_reader *reader)
{
    while (is_padding(reader) || (reader->separator == ' ' && is_separator(reader)))
        reader->at++;
}

static void end_line(sg_table_reader *reader)
{
    if (reader->at < reader->end && *reader->at == '\r')
        reader->at++;
    if (reader->at < reader->end && *reader->at == '\n')
        reader->at++;
    reader->line++;
}

/* Appends what is within quotes; the reader stands after the first, and stops after the last. */
static void read_quoted(sg_table_reader *reader, sg_text *text)
{
    for (; reader->at < reader->end; reader->at++) {
        if (*reader->at == '"') {
            reader->at++;
            if (reader->at == reader->end || *reader->at != '"')
                return;
        }
        reader->line += *reader->at == '\n' ? 1 : 0;
        sg_text_append_bytes(text, reader->at, 1);
    }
}

/* Appends a field, without blanks at its end, and a zero byte. */
static void read_field(sg_table_reader *reader, sg_text *text)
{
    if (reader->at < reader->end && *reader->at == '"') {
        reader->at++;
        read_quoted(reader, text);
    }
    const char *start = reader->at;
    while (!is_line_end(reader) && !is_separator(reader))
        reader->at++;
    size_t length = (size_t)(reader->at - start);
    while (length > 0 && is_blank(start[length - 1]))
        length--;
    sg_text_append_bytes(text, start, length);
    sg_text_append_bytes(text, "", 1);
}

/* Reads a line that holds something. */
static void read_row(sg_table_reader *reader, sg_table_row *row)
{
    row->line = reader->line;
    row->text.length = 0;
    row->count = 0;
    for (;;) {
        if (row->count == SG_MOST_COLUMNS) /* the rest is joined to the last field's end */
            row->count--;
        if (!sg_grow(&row->starts, &row->capacity, row->count, sizeof *row->starts)) {
            row->failed = true;
            return;
        }
        row->starts[row->count++] = row->text.length;
        read_field(reader, &row->text);
        const bool separated = is_separator(reader);
        reader->at += separated ? 1 : 0;
        skip_padding(reader);
        if (!separated || (reader->separator == ' ' && is_line_end(reader)))
            break;
    }
    end_line(reader);
    row->failed = row->failed || row->text.failed;
}

bool sg_table_next(sg_table_reader *reader, sg_table_row *row)
{
    for (;;) {
        skip_padding(reader);
        if (reader->at == reader->end)
            return false;
        if (!is_line_end(reader))
            break;
        end_line(reader);
    }
    read_row(reader, row);
    return !row->failed;
}

const char *sg_table_field(const sg_table_row *row, size_t column)
{
    return column < row->count ? row->text.bytes + row->starts[column] : "";
}

void sg_table_row_clear(sg_table_row *row)
{
    sg_text_clear(&row->text);
    free(row->starts);
    *row = (sg_table_row){0};
}

/* ---- encodings ---- */

/* Appends a character in UTF-8. */
static size_t put_utf8(char *text, uint32_t point)
{
    if (point < 0x80) {
        text[0] = (char)point;
        return 1;
    }
    const size_t more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    const unsigned leads[] = {0, 0xc0, 0xe0, 0xf0};
    for (size_t i = more; i > 0; i--, point >>= 6)
        text[i] = (char)(0x80 | (point & 0x3f));
    text[0] = (char)(leads[more] | point);
    return more + 1;
}

/* Reads one of the 16-bit numbers of UTF-16. */
static uint32_t unit_at(const unsigned char *bytes, bool little)
{
    return little ? (uint32_t)(bytes[0] | bytes[1] << 8) : (uint32_t)(bytes[1] | bytes[0] << 8);
}

/* Converts UTF-16 to UTF-8 at `text`, which has three bytes for two. */
static size_t convert_utf16(const unsigned char *bytes, size_t size, bool little, char *text)
{
    size_t length = 0;
    for (size_t i = 0; i + 1 < size; i += 2) {
        uint32_t point = unit_at(bytes + i, little);
        const uint32_t next = i + 3 < size ? unit_at(bytes + i + 2, little) : 0;
        if (point >= 0xd800 && point < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
            point = 0x10000 + ((point - 0xd800) << 10) + (next - 0xdc00);
            i += 2;
        }
        length += put_utf8(text + length, point);
    }
    return length;
}

char *sg_table_text(const unsigned char *bytes, size_t size, size_t *length)
{
    const bool little = size >= 2 && memcmp(bytes, "\xff\xfe", 2) == 0;
    const bool big = size >= 2 && memcmp(bytes, "\xfe\xff", 2) == 0;
    const size_t mark = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    char *text = sg_allocate(size / 2 + 1, 3);
    *length = 0;
    if (!text)
        return NULL;
    if (little || big) {
        *length = convert_utf16(bytes + 2, size - 2, little, text);
    } else if (size > mark) {
        *length = size - mark;
        memcpy(text, bytes + mark, *length);
    }
    text[*length] = '\0';
    return text;
}
