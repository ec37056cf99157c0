/* Time and memory of this process, for progress, statistics and benchmarks. */
#ifndef SG_BASE_CLOCK_H
#define SG_BASE_CLOCK_H

/* Returns the seconds of a clock that only goes forward. */
double sg_clock_seconds(void);

/* Returns the most memory that this process has used so far, in bytes; 0 when unknown. */
double sg_process_peak_bytes(void);

#endif
