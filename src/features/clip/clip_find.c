/*
 * Finding and opening of CLIP's files.
 *
 * Tested by: tests/features/clip/test_clip.c
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "features/clip/clip_inside.h"
#include "features/clip/merges_file.h"
#include "features/feature_files.h"

/* Opens the towers of one file. */
static sg_status read_file(sg_clip *clip, const sg_feature_tensors *tensors, sg_error *error)
{
    clip->path = sg_duplicate_text(sg_feature_tensors_path(tensors));
    if (!clip->path)
        return sg_fail_memory(error, "%s", sg_feature_tensors_path(tensors));
    SG_TRY(sg_clip_sizes_infer(tensors, &clip->sizes, error));
    return sg_clip_read_weights(clip, tensors, error);
}

sg_status sg_clip_read_merges(sg_clip *clip, const char *const *files, size_t count,
                              sg_error *error)
{
    char *path = NULL;
    SG_TRY(sg_merges_find(files, count, clip->path, &path, error));
    if (!path)
        return SG_OK;
    free(clip->merges);
    clip->merges = path;
    return sg_merges_read(path, (size_t)clip->sizes.vocabulary, &clip->bpe, error);
}

sg_status sg_clip_open(sg_clip **clip, sg_context *context, sg_dtype dtype,
                       const sg_feature_tensors *tensors, sg_error *error)
{
    *clip = NULL;
    sg_clip *opened = sg_allocate(1, sizeof *opened);
    if (!opened)
        return sg_fail_memory(error, "CLIP");
    sg_parameter_set_init(&opened->parameters, context, dtype, 0);
    const sg_status status = read_file(opened, tensors, error);
    if (status)
        sg_clip_close(opened);
    else
        *clip = opened;
    return status;
}

sg_status sg_clip_find(sg_clip **clip, sg_context *context, sg_dtype dtype,
                       const char *const *files, size_t count, sg_error *error)
{
    sg_feature_files found = {0};
    *clip = NULL;
    sg_status status = sg_feature_files_find(&sg_clip_kind, files, count, &found, error);
    if (!status)
        status = sg_feature_files_check(&sg_clip_kind, &found, error);
    if (!status)
        status = sg_clip_open(clip, context, dtype, found.parts[0], error);
    sg_feature_files_clear(&found);
    if (!status)
        status = sg_clip_read_merges(*clip, files, count, error);
    if (status) {
        sg_clip_close(*clip);
        *clip = NULL;
    }
    return status;
}

void sg_clip_close(sg_clip *clip)
{
    if (!clip)
        return;
    sg_parameter_set_clear(&clip->parameters);
    sg_bpe_close(clip->bpe);
    free(clip->vision.blocks);
    free(clip->text.blocks);
    free(clip->path);
    free(clip->merges);
    free(clip);
}

const char *sg_clip_path(const sg_clip *clip)
{
    return clip->path;
}

void sg_clip_print_setting(const sg_clip *clip, char *text, size_t size)
{
    snprintf(text, size, "%s %lld", clip->sizes.gelu == SG_QUICK_GELU ? "quick" : "exact",
             (long long)clip->sizes.vision.heads);
}

const char *sg_clip_merges_path(const sg_clip *clip)
{
    return clip->merges;
}

size_t sg_clip_image_side(const sg_clip *clip)
{
    return (size_t)(clip->sizes.patch * clip->sizes.grid);
}

size_t sg_clip_width(const sg_clip *clip)
{
    return (size_t)clip->sizes.width;
}

double sg_clip_logit_scale(const sg_clip *clip)
{
    return clip->logit_scale;
}

size_t sg_clip_context_length(const sg_clip *clip)
{
    return (size_t)clip->sizes.text.tokens;
}
