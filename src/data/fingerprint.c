/* Fingerprints of data sets; see fingerprint.h. */
#include "data/fingerprint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/sha256.h"

/* Pixels and pictures that are hashed: about two seconds of decoding at most. */
static const size_t most_bytes = (size_t)32 << 20;
static const size_t most_pictures = 20000;

/* Adds what is known of a picture without reading it. */
static sg_status add_trace(const sg_dataset *dataset, size_t index, bool labels, sg_sha256 *hash,
                           sg_error *error)
{
    int label = -1;
    sg_text trace = {0};
    sg_dataset_trace(dataset, index, &trace);
    sg_status status = trace.failed ? sg_fail_memory(error, "the name of a picture") : SG_OK;
    if (!status && labels)
        status = sg_dataset_label(dataset, index, &label, error);
    if (!status && trace.bytes)
        sg_sha256_add(hash, trace.bytes, trace.length + 1);
    if (!status && labels)
        sg_sha256_add(hash, &label, sizeof label);
    sg_text_clear(&trace);
    return status;
}

static sg_status add_pictures(const sg_dataset *dataset, const sg_dataset_info *info,
                              sg_sha256 *hash, sg_error *error)
{
    const size_t bytes = info->height * info->width * info->channels;
    size_t count = most_bytes / bytes;
    count = count > most_pictures ? most_pictures : count < 1 ? 1 : count;
    count = count > info->image_count ? info->image_count : count;
    uint8_t *pixels = sg_allocate(bytes, 1);
    sg_status status = pixels ? SG_OK : sg_fail_memory(error, "a picture of %s", info->name);
    for (size_t i = 0; i < count && !status; i++) {
        const size_t index = (size_t)((double)i * (double)info->image_count / (double)count);
        status = sg_dataset_read(dataset, index, pixels, NULL, error);
        if (!status)
            sg_sha256_add(hash, pixels, bytes);
    }
    free(pixels);
    return status;
}

sg_status sg_dataset_fingerprint(const sg_dataset *dataset, char *text, sg_error *error)
{
    sg_sha256 hash;
    char digits[SG_SHA256_TEXT_BYTES];
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    sg_status status = SG_OK;
    sg_sha256_begin(&hash);
    for (size_t i = 0; i < info.image_count && !status; i++)
        status = add_trace(dataset, i, info.label_count > 0, &hash, error);
    if (!status && info.label_values)
        sg_sha256_add(&hash, info.label_values,
                      info.label_rows * info.label_count * sizeof *info.label_values);
    if (!status)
        status = add_pictures(dataset, &info, &hash, error);
    sg_sha256_end(&hash, digits);
    snprintf(text, SG_FINGERPRINT_BYTES, "%zu image%s of %zux%zu with %zu channel%s, %s",
             info.image_count, info.image_count == 1 ? "" : "s", info.width, info.height,
             info.channels, info.channels == 1 ? "" : "s", digits);
    return status;
}
