/*
 * The page of a comparison: one HTML file that holds its pictures, for readers who have nothing
 * else of it. Its only script sorts tables.
 *
 * Tested by: tests/runs/compare/test_comparison.c
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/files/base64.h"
#include "image/files/png_file.h"
#include "runs/compare/comparison_inside.h"

static const char head[] =
    "<style>\n"
    "body{font:15px/1.5 system-ui,sans-serif;color:#222;max-width:1100px;margin:2em auto;"
    "padding:0 1em}\n"
    "h1{font-size:1.5em}h2{font-size:1.15em;margin:1.8em 0 .5em}\n"
    "img{max-width:100%;image-rendering:auto}\n"
    ".wide{overflow-x:auto}\n"
    "table{border-collapse:collapse;font-size:13px}\n"
    "th,td{padding:.3em .7em;border-bottom:1px solid #ddd;text-align:left;white-space:nowrap}\n"
    "th{cursor:pointer;background:#f4f4f4}\n"
    "@media (prefers-color-scheme:dark){body{background:#1b1b1b;color:#ddd}th{background:#333}"
    "th,td{border-color:#444}}\n"
    "</style>\n";

/* Sorts a table by the column whose heading is clicked, numbers as numbers, then the other way. */
static const char script[] =
    "<script>\n"
    "document.querySelectorAll('th').forEach(h=>h.onclick=()=>{\n"
    "  const b=h.closest('table'),c=h.cellIndex,d=h.dataset.d=h.dataset.d=='1'?'-1':'1';\n"
    "  const r=[...b.rows].slice(1),v=x=>{const t=x.cells[c].textContent,n=parseFloat(t);\n"
    "    return isNaN(n)?t:n};\n"
    "  r.sort((x,y)=>{const p=v(x),q=v(y);return d*(typeof p==typeof q?(p<q?-1:p>q?1:0)\n"
    "    :typeof p=='number'?-1:1)}).forEach(x=>x.parentNode.appendChild(x));\n"
    "});\n"
    "</script>\n";

static void append_base64(sg_text *text, const unsigned char *bytes, size_t size)
{
    char digits[SG_BASE64_GROUP + 1];
    for (size_t i = 0; i < size && !text->failed; i += SG_BASE64_GROUP) {
        sg_base64_group(bytes + i, size - i, digits);
        sg_text_append_bytes(text, digits, sizeof digits);
    }
}

/* Appends a picture under a heading; does nothing without one. */
static sg_status append_picture(sg_text *page, const char *heading, const char *explanation,
                                const sg_image *image, sg_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    if (!image)
        return SG_OK;
    SG_TRY(sg_png_encode("a picture of the page", image, NULL, 0, &bytes, &size, error));
    sg_text_append(page, "<h2>%s</h2>\n<p>%s</p>\n<img alt=\"%s\" src=\"data:image/png;base64,",
                   heading, explanation, heading);
    append_base64(page, bytes, size);
    sg_text_append(page, "\">\n");
    free(bytes);
    return SG_OK;
}

/* Appends the warnings of all runs; nothing when there are none. */
static void append_warnings(sg_text *page, const sg_comparison *all)
{
    bool any = false;
    for (size_t r = 0; r < all->run_count; r++)
        for (size_t i = 0; i < all->runs[r].event_count; i++) {
            const sg_record_event *event = &all->runs[r].events[i];
            if (event->kind != SG_RECORD_WARNING)
                continue;
            sg_text_append(page, any ? "<li><b>" : "<h2>Warnings</h2>\n<ul>\n<li><b>");
            sg_text_append_html(page, all->labels[r]);
            sg_text_append(page, "</b>, kimg %.4g: ", event->kimg);
            sg_text_append_html(page, event->text);
            sg_text_append(page, "</li>\n");
            any = true;
        }
    if (any)
        sg_text_append(page, "</ul>\n");
}

static void append_title(sg_text *page, const sg_comparison *all)
{
    const char *title = all->options->title ? all->options->title : all->title;
    sg_text_append(page, "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
                         "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    sg_text_append_html(page, title);
    sg_text_append(page, "</title>\n%s<h1>", head);
    sg_text_append_html(page, title);
    sg_text_append(page, "</h1>\n");
    if (!all->options->notes)
        return;
    sg_text_append(page, "<p>");
    sg_text_append_html(page, all->options->notes);
    sg_text_append(page, "</p>\n");
}

static sg_status make_page(const sg_comparison *all, sg_text *page, sg_error *error)
{
    append_title(page, all);
    if (all->options->table)
        sg_page_table_show(all->options->table, page);
    sg_page_table_show(&all->results, page);
    if (all->differences.row_count > 1)
        sg_page_table_show(&all->differences, page);
    append_warnings(page, all);
    SG_TRY(append_picture(page, "Pictures",
                          "Generated pictures of the same latents in each row, after as many real "
                          "images.",
                          all->sheets, error));
    SG_TRY(append_picture(page, "Curves",
                          "Moving averages, in bands from the least to the greatest value of the "
                          "ticks that they are of.",
                          all->curves, error));
    sg_text_append(page, "%s</html>\n", script);
    return page->failed ? sg_fail_memory(error, "compare.html") : SG_OK;
}

sg_status sg_comparison_write_page(const sg_comparison *all, sg_error *error)
{
    sg_text page = {0};
    sg_status status = make_page(all, &page, error);
    if (!status)
        status = sg_comparison_write_file(all, "compare.html", page.bytes, page.length, error);
    sg_text_clear(&page);
    return status;
}
