/* Lanczos' window of three lobes, and the sinc under it. */
#ifndef SG_METRICS_LANCZOS_H
#define SG_METRICS_LANCZOS_H

enum { SG_LANCZOS_LOBES = 3 /* on a side */ };

/* sin(pi x) / (pi x). */
double sg_sinc(double x);

/* The window, 0 from SG_LANCZOS_LOBES on. */
double sg_lanczos_window(double x);

#endif
