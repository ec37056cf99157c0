/* Tables of texts, as parts of a web page and as CSV files. */
#ifndef SG_RUNS_COMPARE_PAGE_TABLE_H
#define SG_RUNS_COMPARE_PAGE_TABLE_H

#include "base/error.h"
#include "base/text.h"

/* A table; zero it before the first row, clear it after use. */
typedef struct sg_page_table {
    char *title;  /* owned, may be NULL */
    char **cells; /* [row_count * column_count], row by row, the headings first; owned */
    size_t row_count, column_count;
    size_t cell_count, cell_capacity; /* cells so far: the last row may not be whole yet */
    bool failed;                      /* for lack of memory */
} sg_page_table;

/* Sets the title. */
void sg_page_table_name(sg_page_table *table, const char *title);

/* Appends a cell, in printf's format; the first `column_count` cells are the headings. */
void sg_page_table_add(sg_page_table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends the table to a page, which can be sorted by clicks on its headings. */
void sg_page_table_show(const sg_page_table *table, sg_text *page);

/* Writes the table as a CSV file (RFC 4180, lines that end in \n). Fails with SG_ERROR_FILE or
 * SG_ERROR_MEMORY. */
sg_status sg_page_table_write(const sg_page_table *table, const char *path, sg_error *error);

/* Frees all and zeroes the table. */
void sg_page_table_clear(sg_page_table *table);

/* Append a text with the characters that HTML, or a field of CSV, has another use for. */
void sg_text_append_html(sg_text *text, const char *value);
void sg_text_append_csv(sg_text *text, const char *value);

#endif
