/* Charts: where curves lie, gaps, and refusals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "image/figures/plot.h"

/* The colours of a panel's first two lines. */
typedef enum hue { BLUE, VERMILION } hue;

static sg_image *draw(const sg_plot_panel *panels, size_t count)
{
    sg_error error = {0};
    sg_plot plot;
    sg_image *image;
    sg_plot_init(&plot);
    plot.panels = panels;
    plot.panel_count = count;
    if (sg_plot_draw(&plot, &image, &error))
        fail_msg("%s", error.message);
    return image;
}

/* Whether a line of that colour covers the better half of a pixel. */
static bool has_color(const uint8_t *pixel, hue color)
{
    return color == BLUE ? pixel[0] < 130 && pixel[2] > 150 : pixel[2] < 130 && pixel[0] > 180;
}

/*
 * The mean row, counted from the top, of the pixels with a colour in a column of the first panel's
 * inside; negative when there is none.
 */
static double row_of(const sg_image *image, size_t column, hue color)
{
    double sum = 0;
    int count = 0;
    for (size_t y = 36; y < 234; y++)
        if (has_color(image->pixels + 3 * (y * image->width + column), color)) {
            sum += (double)y;
            count++;
        }
    return count ? sum / count : -1;
}

static void test_curves_lie_where_their_values_are(void **state)
{
    (void)state;
    const double x[] = {0, 10};
    const double rising[] = {0, 1};
    const double level[] = {0.5, 0.5};
    const sg_plot_line lines[] = {{"rising", x, rising, 2}, {"level", x, level, 2}};
    const sg_plot_panel panel = {"Panel", lines, 2, false};
    sg_image *image = draw(&panel, 1);
    assert_int_equal(image->width, 900);
    assert_int_equal(image->height, 280);
    assert_int_equal(image->channels, 3);
    /* The inside reaches from 68 to 882 and from 36 to 234, with 5% of the range as margin. */
    const double quarter = row_of(image, 68 + 814 / 4, BLUE);
    const double three_quarters = row_of(image, 68 + 3 * 814 / 4, BLUE);
    assert_true(fabs(quarter - 180) < 2);
    assert_true(fabs(three_quarters - 90) < 2);
    assert_true(fabs(row_of(image, 68 + 814 / 4, VERMILION) - 135) < 2);
    sg_image_destroy(image);
}

static void test_missing_values_leave_a_gap(void **state)
{
    (void)state;
    const double x[] = {0, 1, 2, 3, 4};
    const double y[] = {1, 1, NAN, 1, 2};
    const sg_plot_line line = {"line", x, y, 5};
    const sg_plot_panel panel = {"Panel", &line, 1, false};
    sg_image *image = draw(&panel, 1);
    assert_true(row_of(image, 68 + 814 / 8, BLUE) > 0);
    assert_true(row_of(image, 68 + 814 / 2, BLUE) < 0);
    assert_true(row_of(image, 68 + 7 * 814 / 8, BLUE) > 0);
    sg_image_destroy(image);
}

static void test_single_point_is_a_dot(void **state)
{
    (void)state;
    const double x = 3;
    const double y = 7;
    const sg_plot_line line = {"line", &x, &y, 1};
    const sg_plot_panel panel = {"Panel", &line, 1, true};
    sg_image *image = draw(&panel, 1);
    assert_true(row_of(image, 68 + 814 / 2, BLUE) > 0);
    sg_image_destroy(image);
}

static void test_spike_among_many_points_stays_visible(void **state)
{
    (void)state;
    enum { COUNT = 100000 };
    double *x = calloc(COUNT, sizeof *x);
    double *y = calloc(COUNT, sizeof *y);
    assert_true(x && y);
    for (size_t i = 0; i < COUNT; i++)
        x[i] = (double)i;
    y[COUNT / 2] = 1;
    const sg_plot_line line = {"line", x, y, COUNT};
    const sg_plot_panel panel = {"Panel", &line, 1, false};
    sg_image *image = draw(&panel, 1);
    double highest = 1000;
    for (size_t column = 68 + 814 / 2 - 3; column < 68 + 814 / 2 + 3; column++) {
        const double row = row_of(image, column, BLUE);
        highest = row > 0 && row < highest ? row : highest;
    }
    assert_true(highest < 150);
    free(x);
    free(y);
    sg_image_destroy(image);
}

static void test_equal_plots_give_equal_pixels(void **state)
{
    (void)state;
    const sg_plot_panel panels[] = {{"One", NULL, 0, false}, {"Two", NULL, 0, true}};
    sg_image *a = draw(panels, 2);
    sg_image *b = draw(panels, 2);
    assert_int_equal(a->height, 540);
    assert_memory_equal(a->pixels, b->pixels, sg_image_size(a));
    sg_image_destroy(a);
    sg_image_destroy(b);
}

/* A title moves everything down, and is written above. */
static void test_titles_are_above(void **state)
{
    (void)state;
    const double x[] = {0, 10};
    const sg_plot_line line = {"level", x, x, 2};
    const sg_plot_panel panel = {"Panel", &line, 1, false};
    sg_error error = {0};
    sg_plot plot;
    sg_image *titled = NULL;
    sg_plot_init(&plot);
    plot.panels = &panel;
    plot.panel_count = 1;
    plot.title = "A title";
    assert_int_equal(sg_plot_draw(&plot, &titled, &error), SG_OK);
    sg_image *untitled = draw(&panel, 1);
    const size_t added = titled->height - untitled->height;
    assert_true(added > 14);
    size_t written = 0;
    for (size_t i = 0; i < added * titled->width * 3; i++)
        written += titled->pixels[i] < 100;
    assert_true(written > 50);
    sg_image_destroy(titled);
    sg_image_destroy(untitled);
}

static void test_bad_sizes_are_refused(void **state)
{
    (void)state;
    const sg_plot_panel panel = {"Panel", NULL, 0, false};
    const struct {
        size_t panels, width, height;
    } bad[] = {{0, 900, 260}, {1, 199, 260}, {1, 10001, 260}, {1, 900, 99}, {116, 900, 260}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sg_error error = {0};
        sg_image *image = (sg_image *)&error;
        const sg_plot plot = {.x_name = "x",
                              .panels = &panel,
                              .panel_count = bad[i].panels,
                              .width = bad[i].width,
                              .panel_height = bad[i].height};
        assert_int_equal(sg_plot_draw(&plot, &image, &error), SG_ERROR_ARGUMENT);
        assert_null(image);
        assert_true(strlen(error.message) > 0);
    }
}

/* The pixels of a column of the first panel's inside with more of the channel than of the next one.
 */
static int count_tinted(const sg_image *image, size_t column, int channel)
{
    int count = 0;
    for (size_t y = 40; y < 230; y++) {
        const uint8_t *p = image->pixels + 3 * (y * image->width + column);
        count += p[channel] > p[(channel + 1) % 3] + 20;
    }
    return count;
}

static void test_bands_are_filled_between_their_lines(void **state)
{
    (void)state;
    const double x[] = {0, 10};
    const double y[] = {5, 5};
    const double low[] = {0, 4};
    const double high[] = {10, 6};
    const sg_plot_line line = {"line", x, y, 2};
    const sg_plot_panel panel = {"Panel", &line, 1, false};
    const sg_plot_style style = {low, high, 1};
    sg_image *image = NULL;
    sg_plot plot;
    sg_plot_init(&plot);
    plot.panels = &panel;
    plot.panel_count = 1;
    plot.styles = &style;
    assert_int_equal(sg_plot_draw(&plot, &image, NULL), SG_OK);
    /* The band is five times as wide on the left, of the frame's 198 rows nine in ten. */
    const int left = count_tinted(image, 70, 2);
    const int right = count_tinted(image, 879, 2);
    assert_true(left > 160 && left < 190);
    assert_true(right > 25 && right < 45);
    sg_image_destroy(image);
}

static void test_axes_may_begin_at_zero(void **state)
{
    (void)state;
    const double x[] = {10, 20};
    const double y[] = {0, 1};
    const sg_plot_line line = {"line", x, y, 2};
    const sg_plot_panel panel = {"Panel", &line, 1, false};
    for (int i = 0; i < 2; i++) {
        sg_image *image = NULL;
        sg_plot plot;
        sg_plot_init(&plot);
        plot.panels = &panel;
        plot.panel_count = 1;
        plot.from_zero = i;
        assert_int_equal(sg_plot_draw(&plot, &image, NULL), SG_OK);
        /* The line begins at the left edge or in the middle. */
        const bool empty = row_of(image, 68 + 150, BLUE) < 0;
        const bool right_empty = row_of(image, 68 + 650, BLUE) < 0;
        assert_true(empty == plot.from_zero);
        assert_false(right_empty);
        sg_image_destroy(image);
    }
}

static void test_marks_cross_panels_where_they_lie(void **state)
{
    (void)state;
    const double x[] = {0, 10};
    const double y[] = {0, 1};
    const sg_plot_line line = {"line", x, y, 2};
    const sg_plot_panel panel = {"Panel", &line, 1, false};
    const sg_plot_mark marks[] = {{SG_PLOT_WARNING, 5, "1"}, {SG_PLOT_WARNING, 11, "outside"}};
    sg_image *image = NULL;
    sg_plot plot;
    sg_plot_init(&plot);
    plot.panels = &panel;
    plot.panel_count = 1;
    plot.marks = marks;
    plot.mark_count = 2;
    assert_int_equal(sg_plot_draw(&plot, &image, NULL), SG_OK);
    assert_int_equal(image->height, 260 + 20 + 18); /* what a mark means is said below */
    const size_t middle = 68 + (900 - 68 - 18) / 2;
    for (size_t column = 80; column < 870; column++)
        if (column < middle - 2 || column > middle + 12)
            assert_true(count_tinted(image, column, 0) < 5);
    int most = 0;
    for (size_t column = middle - 2; column <= middle + 2; column++)
        most = count_tinted(image, column, 0) > most ? count_tinted(image, column, 0) : most;
    assert_true(most > 80);
    sg_image_destroy(image);
}

static void test_texts_take_lines_of_their_own(void **state)
{
    (void)state;
    const double x[] = {0, 10};
    const sg_plot_line line = {"line", x, x, 2};
    const sg_plot_panel panel = {"Panel", &line, 1, false};
    const char *const names[] = {"one", "two", "a name as long as a third of the picture is wide",
                                 "another name as long as a third of the picture is wide",
                                 "a third name as long as a third of the picture is wide"};
    sg_image *image = NULL;
    sg_plot plot;
    sg_plot_init(&plot);
    plot.panels = &panel;
    plot.panel_count = 1;
    plot.title = "title";
    plot.subtitle = "subtitle";
    plot.legend = names;
    plot.legend_count = 5;
    plot.footnotes = names;
    plot.footnote_count = 2;
    assert_int_equal(sg_plot_draw(&plot, &image, NULL), SG_OK);
    assert_int_equal(image->height, 24 + 18 + 2 * 18 + 260 + 20 + 2 * 18 + 6);
    sg_image_destroy(image);
    plot.legend_count = 51;
    assert_int_equal(sg_plot_draw(&plot, &image, NULL), SG_ERROR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bands_are_filled_between_their_lines),
        cmocka_unit_test(test_axes_may_begin_at_zero),
        cmocka_unit_test(test_marks_cross_panels_where_they_lie),
        cmocka_unit_test(test_texts_take_lines_of_their_own),
        cmocka_unit_test(test_curves_lie_where_their_values_are),
        cmocka_unit_test(test_missing_values_leave_a_gap),
        cmocka_unit_test(test_single_point_is_a_dot),
        cmocka_unit_test(test_spike_among_many_points_stays_visible),
        cmocka_unit_test(test_equal_plots_give_equal_pixels),
        cmocka_unit_test(test_titles_are_above),
        cmocka_unit_test(test_bad_sizes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
