/*
 * How well pictures fit texts, by features of both in one space: CLIPScore (Hessel et al. 2021)
 * with the weight of 100 that later programs use in place of 2.5.
 */
#ifndef SG_METRICS_FORMULAS_TEXT_FIT_H
#define SG_METRICS_FORMULAS_TEXT_FIT_H

#include "metrics/formulas/rows.h"

/* Returns 100 max(cos, 0) of two vectors of `width` numbers; 0 where one has no length. */
double sg_text_fit(const float *picture, const float *text, size_t width);

/*
 * Returns the mean over pictures of their means over texts; *error gets the standard error of the
 * mean over pictures, NaN of one picture.
 */
double sg_text_fit_mean(const sg_rows *pictures, const sg_rows *texts, double *error);

#endif
