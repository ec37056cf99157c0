/* Paints seeds and w to PNG files; see picture_set.h. Tested by: tests/cli/test_generate_lists.c */
#include "pictures/picture_set.h"

#include "pictures/painter.h"
#include "pictures/picture_metadata.h"

/* State while a set is painted. */
typedef struct painting {
    const sg_picture_network *network;
    const sg_picture_set *set;
    sg_grid *grid; /* NULL: none */
    char name[SG_PICTURE_NAME_BYTES];
} painting;

sg_picture_request sg_picture_lists_at(const sg_picture_lists *lists,
                                       const sg_picture_request *common, size_t seed_index,
                                       size_t class_index, size_t psi_index)
{
    sg_picture_request request = *common;
    if (lists->seeds.count > 0)
        request.seed = lists->seeds.values[seed_index];
    request.class_index = (int)lists->classes.values[class_index];
    request.psi = lists->psis.values[psi_index];
    return request;
}

static size_t source_count(const sg_picture_set *set)
{
    return set->projected ? set->projected->count : set->lists.seeds.count;
}

size_t sg_picture_set_count(const sg_picture_set *set)
{
    return set->lists.classes.count * set->lists.psis.count * source_count(set);
}

static sg_picture_request request_at(void *user, size_t index)
{
    painting *all = user;
    const sg_picture_set *set = all->set;
    const size_t psis = set->lists.psis.count;
    const size_t source = index % source_count(set);
    const size_t line = index / source_count(set);
    sg_picture_request request =
        sg_picture_lists_at(&set->lists, &set->common, source, line / psis, line % psis);
    if (set->projected) {
        request.ws = sg_w_set_at(set->projected, source);
        request.w_index = source;
    }
    request.output = sg_picture_name(&request, set->lists.classes.count > 1, psis > 1, all->name);
    return request;
}

static sg_status deliver(void *user, size_t index, const sg_picture_request *request,
                         const sg_image *image, sg_error *error)
{
    const painting *all = user;
    const size_t columns = (size_t)all->set->grid_columns;
    SG_TRY(sg_picture_write(all->network, request, image, error));
    return all->grid ? sg_grid_paste(all->grid, index % columns, index / columns, image, error)
                     : SG_OK;
}

static sg_status write_grid(painting *all, sg_error *error)
{
    const sg_picture_lists *lists = &all->set->lists;
    const sg_picture_request first = request_at(all, 0);
    const bool classes = all->network->config.c_dim > 0 && lists->classes.count > 1;
    sg_remarks remarks;
    sg_remarks_start(&remarks, sg_picture_network_name(all->network));
    sg_remark_settings(&remarks, all->network, &first,
                       lists->psis.count > 1 ? lists->psis.text : NULL,
                       classes ? lists->classes.text : NULL);
    return sg_write_picture(first.folder, "grid.png", sg_grid_image(all->grid), &remarks, error);
}

sg_status sg_picture_set_paint(const sg_picture_network *network, const sg_picture_set *set,
                               const sg_watch *watch, sg_error *error)
{
    painting all = {.network = network, .set = set};
    const sg_picture_plan plan = {.count = sg_picture_set_count(set),
                                  .user = &all,
                                  .request = request_at,
                                  .deliver = deliver};
    if (set->grid_columns > 0)
        SG_TRY(sg_paint_grid(network->generator, (size_t)set->grid_columns, (size_t)set->grid_rows,
                             &all.grid, error));
    sg_status status = sg_paint_pictures(network, &plan, watch, error);
    if (!status && all.grid)
        status = write_grid(&all, error);
    sg_grid_destroy(all.grid);
    return status;
}
