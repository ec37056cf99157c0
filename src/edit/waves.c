/* Cosines between two psis; see waves.h. */
#include "edit/waves.h"

#include <math.h>

static const double PI = 3.14159265358979323846;

/* The published form, (cos(x) + (a + b)/(a - b)) (a - b)/2, divides by 0 for equal psis. */
static double between(double start, double end, double phase)
{
    return (start + end) / 2 + cos(phase) * (start - end) / 2;
}

double sg_pulse(double start, double end, double frequency, double share)
{
    return between(start, end, frequency * 2 * PI * share);
}

double sg_wave_at(const sg_wave *wave, int column, int row, double share)
{
    static const double length = 5 * 3.14159265358979323846; /* that the wave runs in all */
    const double x = 2 * PI * column / wave->columns;
    const double y = 2 * PI * row / wave->rows;
    const double behind = hypot(x, y) - length * share;
    return behind > 0 || behind < -2 * PI ? wave->start : between(wave->start, wave->end, behind);
}
