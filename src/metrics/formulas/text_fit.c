/* How well pictures fit texts. */
#include "metrics/formulas/text_fit.h"

#include <math.h>

double sg_text_fit(const float *picture, const float *text, size_t width)
{
    double product = 0;
    double squares[2] = {0, 0};
    for (size_t i = 0; i < width; i++) {
        product += (double)picture[i] * (double)text[i];
        squares[0] += (double)picture[i] * (double)picture[i];
        squares[1] += (double)text[i] * (double)text[i];
    }
    const double length = sqrt(squares[0] * squares[1]);
    return length > 0 ? 100 * fmax(product / length, 0) : 0;
}

double sg_text_fit_mean(const sg_rows *pictures, const sg_rows *texts, double *error)
{
    double sum = 0;
    double squares = 0;
    const double count = (double)pictures->count;
    for (size_t i = 0; i < pictures->count; i++) {
        double fit = 0;
        for (size_t k = 0; k < texts->count; k++)
            fit += sg_text_fit(pictures->values + i * pictures->features,
                               texts->values + k * texts->features, texts->features) /
                   (double)texts->count;
        sum += fit;
        squares += fit * fit;
    }
    const double mean = sum / count;
    const double variance = fmax(squares - count * mean * mean, 0) / (count - 1);
    *error = pictures->count > 1 ? sqrt(variance / count) : NAN;
    return mean;
}
