/*
 * Tables for pages and CSV files; see page_table.h.
 * Tested by: tests/runs/compare/test_comparison.c
 */
#include "runs/compare/page_table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/atomic_file.h"

void sg_page_table_name(sg_page_table *table, const char *title)
{
    free(table->title);
    table->title = sg_duplicate_text(title);
    table->failed = table->failed || !table->title;
}

void sg_page_table_add(sg_page_table *table, const char *format, ...)
{
    va_list arguments;
    va_list again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    char *cell = length < 0 ? NULL : sg_allocate((size_t)length + 1, 1);
    if (cell)
        vsnprintf(cell, (size_t)length + 1, format, again);
    va_end(again);
    va_end(arguments);
    if (!cell ||
        !sg_grow(&table->cells, &table->cell_capacity, table->cell_count, sizeof *table->cells)) {
        free(cell);
        table->failed = true;
        return;
    }
    table->cells[table->cell_count++] = cell;
    table->row_count = table->cell_count / table->column_count;
}

void sg_text_append_html(sg_text *text, const char *value)
{
    for (; *value; value++) {
        const char *name = *value == '&'   ? "&amp;"
                           : *value == '<' ? "&lt;"
                           : *value == '>' ? "&gt;"
                           : *value == '"' ? "&quot;"
                                           : NULL;
        sg_text_append_bytes(text, name ? name : value, name ? strlen(name) : 1);
    }
}

void sg_text_append_csv(sg_text *text, const char *value)
{
    if (!value[strcspn(value, ",\"\r\n")]) {
        sg_text_append_bytes(text, value, strlen(value));
        return;
    }
    sg_text_append_bytes(text, "\"", 1);
    for (; *value; value++)
        sg_text_append_bytes(text, *value == '"' ? "\"\"" : value, *value == '"' ? 2 : 1);
    sg_text_append_bytes(text, "\"", 1);
}

void sg_page_table_show(const sg_page_table *table, sg_text *page)
{
    if (table->title) {
        sg_text_append(page, "<h2>");
        sg_text_append_html(page, table->title);
        sg_text_append(page, "</h2>\n");
    }
    sg_text_append(page, "<div class=\"wide\"><table>\n");
    for (size_t row = 0; row < table->row_count; row++) {
        const char *tag = row == 0 ? "th" : "td";
        sg_text_append(page, "<tr>");
        for (size_t column = 0; column < table->column_count; column++) {
            sg_text_append(page, "<%s>", tag);
            sg_text_append_html(page, table->cells[row * table->column_count + column]);
            sg_text_append(page, "</%s>", tag);
        }
        sg_text_append(page, "</tr>\n");
    }
    sg_text_append(page, "</table></div>\n");
}

sg_status sg_page_table_write(const sg_page_table *table, const char *path, sg_error *error)
{
    sg_text text = {.failed = table->failed};
    for (size_t i = 0; i < table->row_count * table->column_count; i++) {
        sg_text_append_csv(&text, table->cells[i]);
        sg_text_append_bytes(&text, (i + 1) % table->column_count ? "," : "\n", 1);
    }
    const sg_status status = text.failed ? sg_fail_memory(error, "%s", path)
                                         : sg_write_file(path, text.bytes, text.length, error);
    sg_text_clear(&text);
    return status;
}

void sg_page_table_clear(sg_page_table *table)
{
    for (size_t i = 0; i < table->cell_count; i++)
        free(table->cells[i]);
    free(table->cells);
    free(table->title);
    *table = (sg_page_table){0};
}
