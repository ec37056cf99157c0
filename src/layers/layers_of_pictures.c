/*
 * The blocks of a discriminator or a classifier while it looks at pictures.
 * Tested by: tests/cli/test_layers.c
 */
#include <stdio.h>
#include <string.h>

#include "base/files/file.h"
#include "layers/layer_choice.h"
#include "layers/layers.h"

typedef struct looking {
    sg_layer_session session;
    const char *file; /* of the picture that is looked at */
    char name[SG_LABEL_BYTES];
    sg_layer_source source;
    sg_status status; /* of the callbacks, which cannot fail; its sentence is in `error` */
    sg_error error;
} looking;

static void remark(void *user, sg_remarks *remarks)
{
    const looking *all = user;
    sg_remarks_start(remarks, all->session.network);
    sg_remark_text(remarks, "picture", sg_path_name(all->file));
}

/* Copies the file's name without its ending; a picture whose name another had gets its number. */
static void name_picture(looking *all)
{
    char number[24] = "";
    const char *name = sg_path_name(all->file);
    const char *point = strrchr(name, '.');
    const int length = (int)(point && point != name ? (size_t)(point - name) : strlen(name));
    for (size_t i = 0; i < all->session.seen; i++)
        if ((int)strlen(all->session.labels.pointers[i]) == length &&
            strncmp(all->session.labels.pointers[i], name, (size_t)length) == 0)
            snprintf(number, sizeof number, "-%zu", all->session.seen);
    snprintf(all->name, sizeof all->name, "%.*s%s", length, name, number);
}

static sg_status record_blocks(looking *all, const sg_feature_maps *maps, sg_error *error)
{
    char names[SG_MOST_FEATURE_MAPS][SG_LAYER_NAME_BYTES];
    const char *pointers[SG_MOST_FEATURE_MAPS];
    for (int i = 0; i < maps->count; i++) {
        snprintf(names[i], sizeof names[i], "D%d", i);
        pointers[i] = names[i];
    }
    if (all->session.seen == 0)
        SG_TRY(sg_layer_choice_check(all->session.options->chosen, pointers, (size_t)maps->count,
                                     error));
    for (int i = 0; i < maps->count; i++) {
        const sg_tensor *map = maps->maps[i];
        sg_layer_view view = {.channels = (size_t)map->shape.size[3],
                              .height = (size_t)map->shape.size[1],
                              .width = (size_t)map->shape.size[2],
                              .features = map};
        memcpy(view.name, names[i], sizeof view.name);
        SG_TRY(sg_layer_session_record(&all->session, &view, &all->source, error));
    }
    return SG_OK;
}

static sg_status look(looking *all, const sg_tensor *picture, const sg_feature_maps *maps,
                      sg_error *error)
{
    sg_image *image = NULL;
    if (all->session.seen == all->session.count)
        return sg_fail(error, SG_ERROR_ARGUMENT, "there are more than %d pictures to look at",
                       SG_MOST_LOOKED_AT);
    name_picture(all);
    SG_TRY(record_blocks(all, maps, error));
    SG_TRY(sg_image_from_floats(sg_f32(picture), (size_t)picture->shape.size[1],
                                (size_t)picture->shape.size[2], (size_t)picture->shape.size[3],
                                &image, error));
    const sg_status status = sg_layer_session_picture(&all->session, image, all->name, error);
    sg_image_destroy(image);
    return status;
}

static void take(void *user, const char *file, const sg_tensor *picture,
                 const sg_feature_maps *maps)
{
    looking *all = user;
    all->file = file;
    if (!all->status)
        all->status = look(all, picture, maps, &all->error);
}

sg_status sg_layers_of_pictures(sg_scoring *scoring, const sg_looked_at *pictures,
                                const sg_layers_options *options, sg_layer_records *records,
                                const sg_watch *watch, sg_error *error)
{
    looking all = {.session = {.options = options,
                               .records = records,
                               .folder = pictures->folder,
                               .network = pictures->network,
                               .count = SG_MOST_LOOKED_AT}};
    const sg_scoring_request request = {.paths = pictures->paths,
                                        .path_count = pictures->path_count,
                                        .class_index = -1,
                                        .user = &all,
                                        .maps = take};
    sg_remarks remarks;
    all.source = (sg_layer_source){.name = all.name, .user = &all, .remark = remark};
    sg_status status = sg_layer_session_open(&all.session, error);
    if (!status)
        status = sg_score_pictures(scoring, &request, watch, error);
    if (!status && all.status) {
        status = all.status;
        *error = all.error;
    }
    sg_remarks_start(&remarks, pictures->network);
    if (!status && all.session.seen > 0)
        status = sg_layer_session_write(&all.session, &remarks, error);
    sg_layer_session_close(&all.session);
    return status;
}
