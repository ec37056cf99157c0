/* Moved and turned pictures against formulas of continuous images. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "metrics/moved_picture.h"

enum { SIDE = 40, CHANNELS = 2, PIXELS = SIDE * SIDE };

static const sg_picture_size size = {SIDE, SIDE, CHANNELS};

typedef float picture[PIXELS * CHANNELS];

/* Slow waves in all directions around the middle, of at most `frequency` cycles per pixel. */
static double waves(double x, double y, int channel, double frequency)
{
    const double k = 2 * M_PI * frequency;
    return channel == 0 ? 0.5 * sin(k * (0.6 * x + 0.8 * y) + 0.3) + 0.2 * cos(k * x)
                        : 0.7 * cos(k * (0.9 * y - 0.3 * x));
}

/* The waves moved by (x, y) after a turn against the clock. */
static void draw(picture values, double move_x, double move_y, double angle, double frequency)
{
    for (int i = 0; i < PIXELS * CHANNELS; i++) {
        const int column = i / CHANNELS % SIDE;
        const int row = i / CHANNELS / SIDE;
        const double x = column - (SIDE - 1) / 2.0 - move_x;
        const double y = row - (SIDE - 1) / 2.0 - move_y;
        values[i] = (float)waves(cos(angle) * x - sin(angle) * y, sin(angle) * x + cos(angle) * y,
                                 i % CHANNELS, frequency);
    }
}

/* The largest difference where `valid`; *count is how many pixels that are. */
static double largest(const picture a, const picture b, const unsigned char *valid, int *count)
{
    double found = 0;
    *count = 0;
    for (int i = 0; i < PIXELS; i++)
        if (valid[i]) {
            ++*count;
            for (int c = 0; c < CHANNELS; c++)
                found = fmax(found, fabs((double)a[i * CHANNELS + c] - b[i * CHANNELS + c]));
        }
    return found;
}

static void whole_pixels_are_moved_exactly(void **state)
{
    picture original;
    picture moved;
    unsigned char valid[PIXELS];
    (void)state;
    draw(original, 0, 0, 0, 0.1);
    sg_translate_whole(&size, original, 3, -5, moved, valid);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            const int inside = x >= 3 && y < SIDE - 5;
            assert_int_equal(valid[y * SIDE + x], inside);
            for (int c = 0; c < CHANNELS; c++)
                assert_float_equal(moved[(y * SIDE + x) * CHANNELS + c],
                                   (inside ? original[((y + 5) * SIDE + x - 3) * CHANNELS + c] : 0),
                                   0);
        }
}

/* Lanczos' kernel of three lobes half a pixel off, as tables of resampling have it. */
static void half_a_pixel_is_the_kernel_itself(void **state)
{
    static const double kernel[] = {0.02446, -0.13587, 0.61141, 0.61141, -0.13587, 0.02446};
    picture original = {0};
    picture moved;
    unsigned char valid[PIXELS];
    (void)state;
    original[(20 * SIDE + 20) * CHANNELS] = 1;
    sg_translate_fraction(&size, original, 0.5, 7, moved, valid);
    for (int k = 0; k < 6; k++)
        assert_float_equal(moved[(27 * SIDE + 18 + k) * CHANNELS], kernel[k], 1e-5);
    assert_float_equal(moved[(27 * SIDE + 18) * CHANNELS + 1], 0, 0);
}

/* The kernel's own ripple is some thousandths. */
static void fractions_of_pixels_move_slow_waves(void **state)
{
    static const struct {
        double x, y, most;
        int columns, rows; /* that know nothing of the edges */
    } moves[] = {{0.5, 0.25, 4e-3, SIDE - 5, SIDE - 5},
                 {-3.3, 2.7, 4e-3, SIDE - 6, SIDE - 5},
                 {4, -2, 1e-6, SIDE - 7, SIDE - 5}};
    picture original;
    picture moved;
    picture expected;
    unsigned char valid[PIXELS];
    int count;
    (void)state;
    draw(original, 0, 0, 0, 0.02);
    for (int i = 0; i < 3; i++) {
        draw(expected, moves[i].x, moves[i].y, 0, 0.02);
        sg_translate_fraction(&size, original, moves[i].x, moves[i].y, moved, valid);
        assert_true(largest(moved, expected, valid, &count) < moves[i].most);
        assert_int_equal(count, moves[i].columns * moves[i].rows);
    }
}

/* Turned pictures and pictures of turned waves, as EQ-R compares them. */
static void turns_keep_slow_waves(void **state)
{
    static const double angles[] = {0, M_PI_2, 0.4, -2.5};
    picture original;
    picture turned;
    picture of_turned;
    picture filtered;
    unsigned char valid[PIXELS];
    unsigned char also_valid[PIXELS];
    int count;
    (void)state;
    draw(original, 0, 0, 0, 0.05);
    for (int i = 0; i < 4; i++) {
        sg_rotate(&size, original, angles[i], turned, valid);
        draw(of_turned, 0, 0, angles[i], 0.05);
        assert_true(largest(turned, of_turned, valid, &count) < 0.01);
        assert_true(count > PIXELS / 3);
        sg_pseudo_rotate(&size, of_turned, angles[i], filtered, also_valid);
        for (int k = 0; k < PIXELS; k++)
            valid[k] &= also_valid[k];
        assert_true(largest(turned, filtered, valid, &count) < 0.005);
        assert_true(count > PIXELS / 3);
    }
}

/* Waves near the corner of the square of frequencies have no place in the turned square. */
static void turns_take_what_cannot_be_shown(void **state)
{
    picture original;
    picture turned;
    picture nothing = {0};
    unsigned char valid[PIXELS];
    int count;
    (void)state;
    for (int i = 0; i < PIXELS * CHANNELS; i++)
        original[i] = (i / CHANNELS % SIDE + i / CHANNELS / SIDE) % 2 ? 1 : -1;
    sg_rotate(&size, original, M_PI_4, turned, valid);
    assert_true(largest(turned, nothing, valid, &count) < 0.05);
    sg_pseudo_rotate(&size, original, M_PI_4, turned, valid);
    assert_true(largest(turned, nothing, valid, &count) < 0.05);
    assert_int_equal(count, (SIDE - 10) * (SIDE - 10));
}

/* A map that enlarges twice and moves by a quarter of the side, of waves that it makes slower. */
static void maps_follow_their_matrix(void **state)
{
    static const double matrix[9] = {2, 0, 0.25, 0, 2, 0, 0, 0, 1};
    picture original;
    picture mapped;
    picture expected;
    unsigned char valid[PIXELS];
    int count;
    (void)state;
    draw(original, 0, 0, 0, 0.05);
    draw(expected, SIDE / 4.0, 0, 0, 0.025);
    sg_map_picture(&size, original, matrix, SG_MAP_REACH, mapped, valid);
    assert_true(largest(mapped, expected, valid, &count) < 0.01);
    assert_true(count > PIXELS / 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_pixels_are_moved_exactly),
        cmocka_unit_test(half_a_pixel_is_the_kernel_itself),
        cmocka_unit_test(fractions_of_pixels_move_slow_waves),
        cmocka_unit_test(turns_keep_slow_waves),
        cmocka_unit_test(turns_take_what_cannot_be_shown),
        cmocka_unit_test(maps_follow_their_matrix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
