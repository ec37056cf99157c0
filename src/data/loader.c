/*
 * The prefetching loader: one thread fills the slots of a ring, one caller empties them in the same
 * order. The mutex guards the counters only; a slot's content belongs to the thread while the slot
 * is empty and to the caller while it is full.
 *
 * Order: Fisher and Yates's shuffle in Durstenfeld's form (Communications of the ACM 7, 1964), with
 * a random stream for every epoch. Flips are bits at the picture's number in another stream.
 * Both are functions of (seed, number), so a start in the middle replays nothing.
 */
#include "data/loader.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/random.h"
#include "image/image.h"

/* Streams of the seed; an epoch's order has the stream ORDER_STREAM + epoch. */
#define ORDER_STREAM UINT64_C(0x4f00000000000000)
#define MIRROR_STREAM UINT64_C(0x4d00000000000000)

/* One batch of the ring. */
typedef struct slot {
    float *images;
    float *labels; /* NULL for a data set without labels */
} slot;

struct sg_loader {
    const sg_dataset *dataset;
    sg_dataset_info info;
    sg_loader_options options;
    size_t image_floats; /* in one picture */
    slot *slots;         /* options.batches_ahead of them */

    /* Used by the thread alone. */
    uint64_t fill_position;
    uint64_t epoch; /* of `order` */
    size_t *order;  /* the epoch's permutation */
    bool has_order;
    uint8_t *pixels; /* one picture as read */

    /* Guarded by `mutex`. */
    pthread_mutex_t mutex;
    pthread_cond_t filled;  /* a slot became full, or the thread failed */
    pthread_cond_t emptied; /* a slot became empty, or the thread must stop */
    size_t full_count;
    size_t next_full; /* index of the oldest full slot */
    bool stopping;
    bool failed;
    sg_error failure; /* valid with `failed` */

    bool has_thread;
    pthread_t thread;
};

void sg_loader_options_init(sg_loader_options *options)
{
    *options = (sg_loader_options){.batch_size = 1, .batches_ahead = 3};
}

static void shuffle(size_t *order, size_t count, uint64_t seed, uint64_t epoch)
{
    sg_random random = sg_random_stream(seed, ORDER_STREAM + epoch);
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t left = count; left > 1; left--) {
        const size_t chosen = (size_t)sg_random_below(&random, left);
        const size_t moved = order[left - 1];
        order[left - 1] = order[chosen];
        order[chosen] = moved;
    }
}

/* Returns the data set's index of picture `position`; shuffles again when an epoch begins. */
static size_t index_at(sg_loader *loader, uint64_t position)
{
    const uint64_t count = loader->info.image_count;
    const uint64_t epoch = position / count;
    if (!loader->has_order || epoch != loader->epoch) {
        shuffle(loader->order, loader->info.image_count, loader->options.seed, epoch);
        loader->epoch = epoch;
        loader->has_order = true;
    }
    return loader->order[position % count];
}

/* How a picture is flipped. */
typedef struct flips {
    bool x, y; /* left to right, top to bottom */
} flips;

static flips flips_at(const sg_loader *loader, uint64_t position)
{
    uint32_t bits[4];
    const sg_loader_options *options = &loader->options;
    if (!options->mirror && !options->mirror_y)
        return (flips){false, false};
    sg_philox(options->seed, MIRROR_STREAM, position, bits);
    return (flips){options->mirror && bits[0] & 1, options->mirror_y && bits[1] & 1};
}

/* Converts loader->pixels to floats, flipped. */
static void convert_pixels(const sg_loader *loader, flips flipped, float *image)
{
    const size_t width = loader->info.width;
    const size_t height = loader->info.height;
    const size_t channels = loader->info.channels;
    for (size_t y = 0; y < height; y++) {
        const uint8_t *row = loader->pixels + (flipped.y ? height - 1 - y : y) * width * channels;
        if (!flipped.x)
            sg_image_level_values(row, width * channels, image);
        for (size_t x = 0; x < width && flipped.x; x++)
            sg_image_level_values(row + (width - 1 - x) * channels, channels, image + x * channels);
        image += width * channels;
    }
}

/* Writes the row of a label to `values`: its numbers, or 1 for its class. */
static sg_status copy_label(const sg_loader *loader, size_t index, int label, float *values,
                            sg_error *error)
{
    const sg_dataset_info *info = &loader->info;
    if (label >= 0 && (size_t)label >= info->label_rows)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: image %zu has label %d, expected at most %zu",
                       info->name, index, label, info->label_rows - 1);
    memset(values, 0, info->label_count * sizeof *values);
    if (label >= 0 && info->label_values)
        memcpy(values, info->label_values + (size_t)label * info->label_count,
               info->label_count * sizeof *values);
    else if (label >= 0)
        values[label] = 1.0f;
    return SG_OK;
}

/* Reads picture `position` into entry `entry` of a slot. */
static sg_status fill_entry(sg_loader *loader, const slot *target, size_t entry, uint64_t position,
                            sg_error *error)
{
    int label = -1;
    const size_t index = index_at(loader, position);
    SG_TRY(sg_dataset_read(loader->dataset, index, loader->pixels, &label, error));
    convert_pixels(loader, flips_at(loader, position),
                   target->images + entry * loader->image_floats);
    if (!target->labels)
        return SG_OK;
    return copy_label(loader, index, label, target->labels + entry * loader->info.label_count,
                      error);
}

static bool is_stopping(sg_loader *loader)
{
    pthread_mutex_lock(&loader->mutex);
    const bool stopping = loader->stopping;
    pthread_mutex_unlock(&loader->mutex);
    return stopping;
}

/* Waits for an empty slot; NULL when the thread must stop. */
static const slot *wait_for_empty(sg_loader *loader)
{
    const slot *found = NULL;
    pthread_mutex_lock(&loader->mutex);
    while (!loader->stopping && loader->full_count == loader->options.batches_ahead)
        pthread_cond_wait(&loader->emptied, &loader->mutex);
    if (!loader->stopping) {
        const size_t next = loader->next_full + loader->full_count;
        found = &loader->slots[next % loader->options.batches_ahead];
    }
    pthread_mutex_unlock(&loader->mutex);
    return found;
}

/* Tells the caller that a slot is full, or why no other will be. */
static void report(sg_loader *loader, sg_status status, const sg_error *failure)
{
    pthread_mutex_lock(&loader->mutex);
    if (!status) {
        loader->full_count++;
    } else {
        loader->failed = true;
        loader->failure = *failure;
        loader->failure.status = status;
    }
    pthread_cond_signal(&loader->filled);
    pthread_mutex_unlock(&loader->mutex);
}

static void *fill_slots(void *argument)
{
    sg_loader *loader = argument;
    sg_status status = SG_OK;
    sg_error failure = {0};
    while (!status) {
        const slot *target = wait_for_empty(loader);
        if (!target)
            break;
        for (size_t i = 0; i < loader->options.batch_size && !status; i++) {
            if (is_stopping(loader))
                return NULL;
            status = fill_entry(loader, target, i, loader->fill_position + i, &failure);
        }
        loader->fill_position += loader->options.batch_size;
        report(loader, status, &failure);
    }
    return NULL;
}

static sg_status check_options(const sg_loader_options *options, sg_error *error)
{
    if (options->batch_size < 1)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"batch_size\" of the loader is 0, but must be at least 1");
    if (options->batches_ahead < 1 || options->batches_ahead > SG_LOADER_LARGEST_AHEAD)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"batches_ahead\" of the loader is %zu, but must be from 1 to %d",
                       options->batches_ahead, SG_LOADER_LARGEST_AHEAD);
    return SG_OK;
}

static bool allocate_slot(slot *created, size_t image_floats, size_t label_floats)
{
    created->images = sg_allocate(image_floats, sizeof *created->images);
    if (label_floats > 0)
        created->labels = sg_allocate(label_floats, sizeof *created->labels);
    return created->images && (label_floats == 0 || created->labels);
}

static bool allocate_buffers(sg_loader *loader)
{
    const sg_dataset_info *info = &loader->info;
    const size_t batch_size = loader->options.batch_size;
    size_t batch_floats = 0;
    size_t label_floats = 0;
    if (!sg_size_multiply(info->height, info->width, &loader->image_floats) ||
        !sg_size_multiply(loader->image_floats, info->channels, &loader->image_floats) ||
        !sg_size_multiply(loader->image_floats, batch_size, &batch_floats) ||
        !sg_size_multiply(info->label_count, batch_size, &label_floats))
        return false;
    loader->order = sg_allocate(info->image_count, sizeof *loader->order);
    loader->pixels = sg_allocate(loader->image_floats, 1);
    loader->slots = sg_allocate(loader->options.batches_ahead, sizeof *loader->slots);
    bool complete = loader->order && loader->pixels && loader->slots;
    for (size_t i = 0; complete && i < loader->options.batches_ahead; i++)
        complete = allocate_slot(&loader->slots[i], batch_floats, label_floats);
    return complete;
}

/* Starts the thread with all signals blocked, so that the program's own threads get them. */
static bool start_thread(sg_loader *loader)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
        return false;
    loader->has_thread = pthread_create(&loader->thread, NULL, fill_slots, loader) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return loader->has_thread;
}

sg_status sg_loader_create(const sg_dataset *dataset, const sg_loader_options *options,
                           sg_loader **loader, sg_error *error)
{
    *loader = NULL;
    SG_TRY(check_options(options, error));
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    sg_loader *created = sg_allocate(1, sizeof *created);
    if (created)
        *created = (sg_loader){.dataset = dataset,
                               .info = info,
                               .options = *options,
                               .fill_position = options->position,
                               .mutex = PTHREAD_MUTEX_INITIALIZER,
                               .filled = PTHREAD_COND_INITIALIZER,
                               .emptied = PTHREAD_COND_INITIALIZER};
    if (!created || !allocate_buffers(created)) {
        sg_loader_destroy(created);
        return sg_fail_memory(error, "%zu batches of %zu images of %s", options->batches_ahead,
                              options->batch_size, info.name);
    }
    if (!start_thread(created)) {
        sg_loader_destroy(created);
        return sg_fail(error, SG_ERROR_LIBRARY, "%s: no thread could be started to load images",
                       info.name);
    }
    *loader = created;
    return SG_OK;
}

/* Waits for a full slot; NULL when the thread has failed and no slot is left. */
static const slot *wait_for_full(sg_loader *loader)
{
    pthread_mutex_lock(&loader->mutex);
    while (loader->full_count == 0 && !loader->failed)
        pthread_cond_wait(&loader->filled, &loader->mutex);
    const slot *found = loader->full_count > 0 ? &loader->slots[loader->next_full] : NULL;
    pthread_mutex_unlock(&loader->mutex);
    return found;
}

static void release_slot(sg_loader *loader)
{
    pthread_mutex_lock(&loader->mutex);
    loader->next_full = (loader->next_full + 1) % loader->options.batches_ahead;
    loader->full_count--;
    pthread_cond_signal(&loader->emptied);
    pthread_mutex_unlock(&loader->mutex);
}

sg_status sg_loader_next(sg_loader *loader, float *images, float *labels, sg_error *error)
{
    const slot *source = wait_for_full(loader);
    if (!source)
        return sg_fail(error, loader->failure.status, "%s", loader->failure.message);
    const size_t batch_size = loader->options.batch_size;
    memcpy(images, source->images, batch_size * loader->image_floats * sizeof *images);
    if (labels && source->labels)
        memcpy(labels, source->labels, batch_size * loader->info.label_count * sizeof *labels);
    release_slot(loader);
    return SG_OK;
}

static void free_slots(sg_loader *loader)
{
    for (size_t i = 0; loader->slots && i < loader->options.batches_ahead; i++) {
        free(loader->slots[i].images);
        free(loader->slots[i].labels);
    }
    free(loader->slots);
}

void sg_loader_destroy(sg_loader *loader)
{
    if (!loader)
        return;
    if (loader->has_thread) {
        pthread_mutex_lock(&loader->mutex);
        loader->stopping = true;
        pthread_cond_signal(&loader->emptied);
        pthread_mutex_unlock(&loader->mutex);
        pthread_join(loader->thread, NULL);
    }
    pthread_cond_destroy(&loader->emptied);
    pthread_cond_destroy(&loader->filled);
    pthread_mutex_destroy(&loader->mutex);
    free_slots(loader);
    free(loader->order);
    free(loader->pixels);
    free(loader);
}
