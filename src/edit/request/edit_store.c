/* Plans that were made before; see edit_store.h. */
#include "edit/request/edit_store.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/text.h"
#include "edit/request/plan_parts.h"

enum { MOST_PLANS = 32 };

/* A plan and what it was made of. */
typedef struct stored_plan {
    sg_text label, key; /* of all that the plan depends on; the key includes the label */
    sg_edit_plan *plan; /* NULL: the place is free */
    char *directions;   /* the path of their file; NULL: none */
    sg_file_mark of_directions;
    sg_file_mark *of_terms; /* [terms, then mixes]: of files of w */
    uint64_t used;          /* the store's clock when the plan was asked for last */
} stored_plan;

struct sg_edit_store {
    sg_generator *generator;
    stored_plan plans[MOST_PLANS];
    uint64_t clock;
    /* The file of directions that was read last. */
    char *path;
    sg_file_mark mark;
    sg_direction_set directions;
};

/* ---- keys ---- */

/* Appends a text with its length, so that no two requests have one key. */
static void append(sg_text *key, const char *name, const char *text)
{
    if (text)
        sg_text_append(key, "%s %zu:%s;", name, strlen(text), text);
}

static void append_list(sg_text *key, const char *name, const sg_edit_list *list)
{
    char *json = list->json ? cJSON_PrintUnformatted(list->json) : NULL;
    key->failed = key->failed || (list->json && !json);
    append(key, name, json);
    for (size_t i = 0; !list->json && i < list->count; i++)
        append(key, name, list->texts[i]);
    cJSON_free(json);
}

/* Numbers are written with all their digits. */
static void append_label(sg_text *key, const sg_generator *generator, sg_style_label label)
{
    const int count = sg_generator_config_of(generator)->c_dim;
    sg_text_append(key, "label");
    for (int i = 0; label.values && i < count; i++)
        sg_text_append(key, " %a", (double)label.values[i]);
    if (!label.values)
        sg_text_append(key, " %d", count > 0 ? label.class_index : 0);
    sg_text_append(key, ";");
}

static void append_request(sg_text *key, const sg_edit_request *request)
{
    append(key, "directions", request->directions);
    append_list(key, "moves", &request->moves);
    append(key, "keep", request->keep);
    append_list(key, "styles", &request->styles);
    append_list(key, "mixes", &request->mixes);
    append_list(key, "psis", &request->psis);
    append(key, "sum", request->sum);
    sg_text_append(key, "%d %d %a %a %d", request->orthogonal, request->from_boundary,
                   request->radius, request->clamp, request->centers);
}

/* ---- places ---- */

static const sg_w_term *term_at(const sg_edit_plan *plan, size_t index)
{
    return index < plan->term_count ? &plan->terms[index]
                                    : &plan->mixes[index - plan->term_count].term;
}

static size_t count_terms(const sg_edit_plan *plan)
{
    return plan->term_count + plan->mix_count;
}

static void clear_place(stored_plan *place)
{
    sg_edit_plan_destroy(place->plan);
    sg_text_clear(&place->label);
    sg_text_clear(&place->key);
    free(place->directions);
    free(place->of_terms);
    *place = (stored_plan){0};
}

/* True if no file that the plan was made of has changed. */
static bool is_current(const stored_plan *place)
{
    if (place->directions && !sg_file_is_as_marked(place->directions, &place->of_directions))
        return false;
    for (size_t i = 0; i < count_terms(place->plan); i++) {
        const char *path = term_at(place->plan, i)->path;
        if (path && !sg_file_is_as_marked(path, &place->of_terms[i]))
            return false;
    }
    return true;
}

/* Returns the plan's place; NULL unless it is there and current. */
static stored_plan *find_place(sg_edit_store *store, const char *key)
{
    for (size_t i = 0; i < MOST_PLANS; i++) {
        stored_plan *place = &store->plans[i];
        if (!place->plan || strcmp(place->key.bytes, key) != 0)
            continue;
        if (is_current(place))
            return place;
        clear_place(place);
    }
    return NULL;
}

/* Returns a free place: that of the plan which was asked for longest ago, if all are taken. */
static stored_plan *take_place(sg_edit_store *store)
{
    stored_plan *place = &store->plans[0];
    for (size_t i = 1; i < MOST_PLANS; i++)
        if (store->plans[i].used < place->used)
            place = &store->plans[i];
    return place;
}

/* ---- sources ---- */

static void forget_directions(sg_edit_store *store)
{
    sg_direction_set_clear(&store->directions);
    free(store->path);
    store->path = NULL;
}

static sg_status read_directions(sg_edit_store *store, const char *path, sg_error *error)
{
    if (store->path && strcmp(store->path, path) == 0 && sg_file_is_as_marked(path, &store->mark))
        return SG_OK;
    forget_directions(store);
    store->mark = sg_file_mark_of(path);
    const sg_status status =
        sg_plan_read_directions(path, store->generator, &store->directions, error);
    store->path = status ? NULL : sg_duplicate_text(path);
    if (store->path)
        return SG_OK;
    sg_direction_set_clear(&store->directions);
    return status ? status : sg_fail_memory(error, "the path of directions");
}

static sg_status find_sources(sg_edit_store *store, const sg_edit_request *request,
                              const char *label, sg_plan_sources *sources, sg_error *error)
{
    if (request->directions) {
        SG_TRY(read_directions(store, request->directions, error));
        sources->directions = &store->directions;
    }
    for (size_t i = 0; i < MOST_PLANS; i++) {
        const sg_edit_plan *plan = store->plans[i].plan;
        if (!plan || strcmp(store->plans[i].label.bytes, label) != 0)
            continue;
        if (plan->clusters.count == (size_t)request->centers)
            sources->with_clusters = plan;
        if (plan->clamp > 0)
            sources->with_moments = plan;
    }
    return SG_OK;
}

/* ---- making ---- */

/* Notes which files the plan was made of. */
static sg_status note_files(const sg_edit_store *store, const sg_edit_request *request,
                            stored_plan *place, sg_error *error)
{
    const size_t count = count_terms(place->plan);
    place->of_terms = sg_allocate(count, sizeof *place->of_terms);
    if (request->directions)
        place->directions = sg_duplicate_text(request->directions);
    if (!place->of_terms || (request->directions && !place->directions))
        return sg_fail_memory(error, "the files of %zu w", count);
    place->of_directions = store->mark;
    for (size_t i = 0; i < count; i++)
        if (term_at(place->plan, i)->path)
            place->of_terms[i] = sg_file_mark_of(term_at(place->plan, i)->path);
    return SG_OK;
}

/* Makes the plan at a free place, whose label and key are filled. */
static sg_status make(sg_edit_store *store, const sg_edit_request *request, sg_style_label label,
                      stored_plan *place, sg_error *error)
{
    sg_plan_sources sources = {0};
    SG_TRY(find_sources(store, request, place->label.bytes, &sources, error));
    SG_TRY(sg_edit_plan_make_of(request, store->generator, label, &sources, &place->plan, error));
    return note_files(store, request, place, error);
}

sg_status sg_edit_store_find(sg_edit_store *store, const sg_edit_request *request,
                             sg_style_label label, const sg_edit_plan **plan, sg_error *error)
{
    stored_plan made = {0};
    *plan = NULL;
    if (!sg_edit_request_edits(request))
        return SG_OK;
    append_label(&made.label, store->generator, label);
    append_label(&made.key, store->generator, label);
    append_request(&made.key, request);
    sg_status status =
        made.label.failed || made.key.failed ? sg_fail_memory(error, "a text of edits") : SG_OK;
    stored_plan *place = status ? NULL : find_place(store, made.key.bytes);
    if (!status && !place)
        status = make(store, request, label, &made, error);
    if (!status && !place) {
        place = take_place(store);
        clear_place(place);
        *place = made;
        made = (stored_plan){0};
    }
    clear_place(&made);
    if (status)
        return status;
    place->used = ++store->clock;
    *plan = place->plan;
    return SG_OK;
}

sg_status sg_edit_store_create(sg_generator *generator, sg_edit_store **store, sg_error *error)
{
    *store = sg_allocate(1, sizeof **store);
    if (!*store)
        return sg_fail_memory(error, "plans of edits");
    (*store)->generator = generator;
    return SG_OK;
}

void sg_edit_store_destroy(sg_edit_store *store)
{
    if (!store)
        return;
    for (size_t i = 0; i < MOST_PLANS; i++)
        clear_place(&store->plans[i]);
    forget_directions(store);
    free(store);
}
