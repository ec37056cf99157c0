/* Time and memory of this process, for progress, statistics and benchmarks. */
#ifndef SG_BASE_CLOCK_H
#define SG_BASE_CLOCK_H

/* Seconds on a clock that only goes forward. */
double sg_clock_seconds(void);

/* The most memory that this process has used since it began, in bytes; 0 when unknown. */
double sg_process_peak_bytes(void);

#endif
