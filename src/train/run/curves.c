/* Curves of a training from the lines of its stats.jsonl; see curves.h. */
#include "train/run/curves.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "image/figures/plot.h"
#include "image/files/png_file.h"
#include "stylegan.h"
#include "train/run/event_file.h"
#include "train/run/run_folder.h"

enum { LARGEST_FILE = 1 << 30, SOFTWARE_BYTES = 64 };

/* The statistics that are drawn; those of one panel are neighbours. */
static const struct curve {
    sg_statistic statistic;
    const char *name;
} curves[] = {{SG_STATISTIC_LOSS_G, "generator"},
              {SG_STATISTIC_LOSS_D, "discriminator"},
              {SG_STATISTIC_SCORES_REAL, "real"},
              {SG_STATISTIC_SCORES_FAKE, "generated"},
              {SG_STATISTIC_SCORES_HELD_OUT, "held out"},
              {SG_STATISTIC_DISTANCE, "estimate"},
              {SG_STATISTIC_GRADIENT_G, "generator"},
              {SG_STATISTIC_GRADIENT_D, "discriminator"},
              {SG_STATISTIC_AUGMENT, "augmentation p"},
              {SG_STATISTIC_SIGNS_REAL, "r_t, mean sign of real scores"},
              {SG_STATISTIC_LOSS_C, "training"},
              {SG_STATISTIC_LOSS_C_HELD_OUT, "held out"},
              {SG_STATISTIC_ACCURACY, "training"},
              {SG_STATISTIC_ACCURACY_HELD_OUT, "held out"},
              {SG_STATISTIC_LOSS_E, "encoder"},
              {SG_STATISTIC_CODE, "code"},
              {SG_STATISTIC_PSNR, "training"},
              {SG_STATISTIC_PSNR_HELD_OUT, "held out"}};

enum { CURVE_COUNT = sizeof curves / sizeof curves[0] };

static const struct panel {
    const char *title;
    size_t first, count; /* of its curves */
    size_t needed;       /* how many of them must have numbers for the panel to be drawn */
    bool logarithmic;
} panels[] = {{"Loss", 0, 2, 1, false},
              {"Accuracy", 12, 2, 1, false},
              {"Cross entropy", 10, 2, 1, false},
              {"Losses of the encoder", 14, 2, 1, false},
              {"PSNR of reconstructions in dB", 16, 2, 1, false},
              {"Discriminator's score", 2, 3, 1, false},
              {"Wasserstein distance, mean real minus mean generated score", 5, 1, 1, false},
              {"Gradient norm (logarithmic)", 6, 2, 1, true},
              {"Augmentation", 8, 2, 2, false}};

enum { PANEL_COUNT = sizeof panels / sizeof panels[0] };

/* Columns of numbers, one row for each tick; NaN where a tick has none. */
typedef struct curve_table {
    size_t count, capacity; /* rows */
    double *kimg;
    double *values[CURVE_COUNT];
} curve_table;

static size_t count_lines(const char *text, size_t length)
{
    size_t count = 1;
    for (size_t i = 0; i < length; i++)
        count += text[i] == '\n';
    return count;
}

/* Allocates all columns as one block that begins with kimg. */
static bool allocate_table(curve_table *table, size_t rows)
{
    *table = (curve_table){.capacity = rows};
    table->kimg = sg_allocate(rows, (CURVE_COUNT + 1) * sizeof(double));
    for (size_t i = 0; table->kimg && i < CURVE_COUNT; i++)
        table->values[i] = table->kimg + (i + 1) * rows;
    return table->kimg;
}

static void read_line(curve_table *table, const char *line, size_t length)
{
    cJSON *root = cJSON_ParseWithLength(line, length);
    const double kimg = sg_event_file_mean(root, "Progress/kimg");
    if (isfinite(kimg)) {
        while (table->count > 0 && table->kimg[table->count - 1] >= kimg)
            table->count--;
        table->kimg[table->count] = kimg;
        for (size_t i = 0; i < CURVE_COUNT; i++)
            table->values[i][table->count] =
                sg_event_file_mean(root, sg_statistic_name(curves[i].statistic));
        table->count++;
    }
    cJSON_Delete(root);
}

static void read_lines(curve_table *table, const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *line_end = newline ? newline : end;
        read_line(table, text, (size_t)(line_end - text));
        text = newline ? newline + 1 : end;
    }
}

static bool has_values(const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i]))
            return true;
    return false;
}

/* Draws the panels that have numbers. */
static sg_status draw_table(const curve_table *table, const char *title, sg_image **image,
                            sg_error *error)
{
    sg_plot_line lines[CURVE_COUNT];
    sg_plot_panel drawn[PANEL_COUNT];
    sg_plot plot;
    sg_plot_init(&plot);
    plot.title = title;
    plot.x_name = "thousands of real images seen (kimg)";
    plot.panels = drawn;
    for (size_t p = 0; p < PANEL_COUNT; p++) {
        sg_plot_line *first = lines + panels[p].first;
        size_t found = 0;
        for (size_t i = panels[p].first; i < panels[p].first + panels[p].count; i++)
            if (has_values(table->values[i], table->count))
                first[found++] =
                    (sg_plot_line){curves[i].name, table->kimg, table->values[i], table->count};
        if (found >= panels[p].needed)
            drawn[plot.panel_count++] =
                (sg_plot_panel){panels[p].title, first, found, panels[p].logarithmic};
    }
    if (plot.panel_count == 0)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "the statistics hold neither losses nor scores to draw");
    return sg_plot_draw(&plot, image, error);
}

sg_status sg_curves_draw(const char *text, size_t length, const char *title, const char *path,
                         sg_error *error)
{
    char software[SOFTWARE_BYTES];
    snprintf(software, sizeof software, "stylegan %s", sg_version());
    const sg_png_text remarks[] = {
        {"Software", software}, {"Title", "Training curves"}, {"run", title}};
    curve_table table;
    sg_image *image = NULL;
    if (!allocate_table(&table, count_lines(text, length)))
        return sg_fail_memory(error, "the curves in %s", path);
    read_lines(&table, text, length);
    sg_status status = draw_table(&table, title, &image, error);
    if (!status)
        status = sg_png_write(path, image, remarks, sizeof remarks / sizeof remarks[0], error);
    sg_image_destroy(image);
    free(table.kimg);
    return status;
}

/* Writes the folder's own name to `name` [SG_PATH_BYTES], also of a path that ends in "/". */
static const char *folder_name(const char *folder, char *name)
{
    snprintf(name, SG_PATH_BYTES, "%s", folder);
    for (size_t length = strlen(name); length > 1 && name[length - 1] == '/'; length--)
        name[length - 1] = '\0';
    return sg_path_name(name);
}

sg_status sg_curves_update(const char *folder, sg_error *error)
{
    char path[SG_PATH_BYTES];
    char name[SG_PATH_BYTES];
    unsigned char *bytes = NULL;
    size_t size = 0;
    sg_run_folder_path(path, folder, "stats.jsonl");
    SG_TRY(sg_read_file(path, LARGEST_FILE, &bytes, &size, error));
    sg_status status = sg_event_file_append_tick(folder, (const char *)bytes, size, error);
    sg_run_folder_path(path, folder, "loss.png");
    if (!status)
        status = sg_curves_draw((const char *)bytes, size, folder_name(folder, name), path, error);
    free(bytes);
    return status;
}
