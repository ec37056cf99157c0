/* Who watches long work: shown how far it is, asked whether it should stop. */
#ifndef SG_BASE_WATCH_H
#define SG_BASE_WATCH_H

#include <stdbool.h>
#include <stddef.h>

/* A watcher of one piece of work; both functions may be NULL. */
typedef struct sg_watch {
    void *user; /* passed to the functions */
    /*
     * Takes how much of `total` is done, in the work's own unit, with a short remark or NULL.
     * Returns true to ask the work to stop; the work then ends with SG_ERROR_CANCELLED, or saves
     * itself where its header says so.
     */
    bool (*step)(void *user, double done, double total, const char *remark);
    /* Takes a sentence for people that is no failure, without a newline; valid during the call. */
    void (*note)(void *user, const char *sentence);
} sg_watch;

/* Tells `watch` (NULL: nobody) how far the work is; true when the work should stop. */
static inline bool sg_watch_step(const sg_watch *watch, double done, double total,
                                 const char *remark)
{
    return watch && watch->step && watch->step(watch->user, done, total, remark);
}

/* A part of watched work: it counts as `length` of the whole's `total`, from `begun` on. */
typedef struct sg_watch_part {
    const sg_watch *whole; /* NULL: nobody watches */
    double begun, length, total;
} sg_watch_part;

/* The `step` of a watcher whose `user` is an sg_watch_part. */
static inline bool sg_watch_part_step(void *user, double done, double total, const char *remark)
{
    const sg_watch_part *part = (const sg_watch_part *)user;
    return sg_watch_step(part->whole, part->begun + part->length * done / total, part->total,
                         remark);
}

/* Passes a sentence on to `watch` (NULL: nobody). */
static inline void sg_watch_note(const sg_watch *watch, const char *sentence)
{
    if (watch && watch->note)
        watch->note(watch->user, sentence);
}

#endif
