/* A job that threads share. */
#ifndef SG_BASE_THREADS_SHARE_H
#define SG_BASE_THREADS_SHARE_H

#include <stddef.h>

/* One member's share of a job: members have numbers 0 .. members - 1. */
typedef void (*sg_share_function)(size_t member, size_t members, void *argument);

#endif
