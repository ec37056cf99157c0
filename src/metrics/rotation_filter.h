/*
 * Lowpass filters for turned pictures (Karras et al. 2021, appendix E.3): they keep the frequencies
 * that both the pixels before a linear map and those after it can show.
 */
#ifndef SG_METRICS_ROTATION_FILTER_H
#define SG_METRICS_ROTATION_FILTER_H

/* The largest filters. */
enum {
    SG_FILTER_MOST_STEP = 4,
    SG_FILTER_MOST_REACH = 8,
    SG_FILTER_MOST_TAPS = 2 * SG_FILTER_MOST_REACH * SG_FILTER_MOST_STEP - 1
};

/* What a filter is for. */
typedef struct sg_lowpass {
    double map[4]; /* [2, 2], rows: from coordinates of the result, x before y, to other ones */
    int step;      /* taps per pixel, at most SG_FILTER_MOST_STEP */
    int reach;     /* pixels: the filter is zero from here on; at most SG_FILTER_MOST_REACH */
} sg_lowpass;

/* Returns the number of taps on a side: 2 reach step - 1. */
int sg_lowpass_side(const sg_lowpass *filter);

/*
 * Computes the filter [side, side]: the sinc of the band that both squares of frequencies have in
 * common, in the Lanczos windows of both. Taps that meet pixels at the same time, `step` apart, add
 * up to 1. The numbers are those of the official program, whose band is a sum of sincs over 64
 * pixels each way that wraps around.
 */
void sg_lowpass_taps(const sg_lowpass *filter, double *taps);

#endif
