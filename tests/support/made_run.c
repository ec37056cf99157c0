/* Makes run folders; see made_run.h. */
#include "support/made_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/text.h"
#include "image/figures/page.h"
#include "image/files/png_file.h"
#include "support/temporary_folder.h"

enum { COLUMNS = 6, ROWS = 5, SIDE = 8 };

void made_run_file(const char *folder, const char *name, const char *content)
{
    char *path = sg_path_join(folder, name);
    assert_int_equal(sg_write_file(path, content, strlen(content), NULL), SG_OK);
    free(path);
}

char *made_run_folder(void *const *state, const char *name, const char *options, const char *ticks)
{
    char *folder = temporary_path(state, name);
    assert_int_equal(sg_make_folders(folder, NULL), SG_OK);
    if (options)
        made_run_file(folder, "training_options.json", options);
    if (ticks)
        made_run_file(folder, "stats.jsonl", ticks);
    return folder;
}

static void write_sheet(const char *folder, int kimg)
{
    char path[4200];
    char text[SG_CELLS_BYTES];
    sg_page *page = NULL;
    sg_image *image = NULL;
    sg_cells cells;
    const sg_figure_layout layout = {.columns = {.count = COLUMNS},
                                     .rows = {.count = ROWS},
                                     .cell_width = SIDE,
                                     .cell_height = SIDE,
                                     .scale = 2,
                                     .title = "a sheet"};
    assert_int_equal(sg_page_create(&layout, 1, &page, NULL), SG_OK);
    assert_int_equal(sg_image_create(SIDE, SIDE, 1, &image, NULL), SG_OK);
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        memset(image->pixels, 40 * (i / COLUMNS) + 4 * (i % COLUMNS) + kimg, SIDE * SIDE);
        assert_int_equal(
            sg_page_paste(page, (size_t)(i % COLUMNS), (size_t)(i / COLUMNS), image, NULL), SG_OK);
    }
    assert_true(sg_page_cells(page, &cells));
    sg_cells_print(&cells, text);
    const sg_png_text remark = {SG_CELLS_KEY, text};
    snprintf(path, sizeof path, "%s/fakes-%09d.png", folder, 1000 * kimg);
    assert_int_equal(sg_png_write(path, sg_page_image(page), &remark, 1, NULL), SG_OK);
    sg_image_destroy(image);
    sg_page_destroy(page);
}

char *made_run(void *const *state, const char *name, const char *options, int ticks, double loss)
{
    sg_text text = {0};
    for (int i = 0; i < ticks; i++)
        sg_text_append(&text,
                       "{\"Loss/G/loss\":{\"mean\":%g},\"Loss/D/loss\":{\"mean\":0.5},"
                       "\"Progress/tick\":{\"mean\":%d},\"Progress/kimg\":{\"mean\":%d},"
                       "\"Timing/sec_per_tick\":{\"mean\":2}}\n",
                       loss - 0.1 * i, i, i + 1);
    char *folder = made_run_folder(state, name, options, text.bytes);
    for (int i = 0; i <= ticks; i++)
        write_sheet(folder, i);
    sg_text_clear(&text);
    return folder;
}
