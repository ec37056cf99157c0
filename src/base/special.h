/* Windows and other functions of signal processing. */
#ifndef SG_BASE_SPECIAL_H
#define SG_BASE_SPECIAL_H

#include <stddef.h>

/* Returns sin(pi x) / (pi x), 1 at 0. */
double sg_sinc(double x);

/* Returns Lanczos's window of three lobes, sinc(x / 3), at x; 0 from |x| = SG_LANCZOS_LOBES on. */
enum { SG_LANCZOS_LOBES = 3 /* on each side */ };
double sg_lanczos_window(double x);

/*
 * Returns Kaiser's window of `count` taps at tap `index`: I0(beta sqrt(1 - t^2)) / I0(beta), t from
 * -1 to 1 over the taps; 1 for a single tap.
 */
double sg_kaiser_window(size_t index, size_t count, double beta);

#endif
