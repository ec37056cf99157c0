/* Time and memory of this process, for progress, statistics and benchmarks; durations as texts. */
#ifndef SG_BASE_CLOCK_H
#define SG_BASE_CLOCK_H

/* Returns the seconds of a clock that only goes forward. */
double sg_clock_seconds(void);

/* Returns the most memory that this process has used so far, in bytes; 0 when unknown. */
double sg_process_peak_bytes(void);

enum { SG_DURATION_BYTES = 32 };

/* Writes "12 seconds", "7 minutes", "3.5 hours", "12 days" or "3.4 years" to `text` of
 * SG_DURATION_BYTES; returns `text`. */
const char *sg_print_duration(char *text, double seconds);

#endif
