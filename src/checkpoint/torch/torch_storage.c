/*
 * The storages of a torch file, in a hash table by key.
 *
 * Tested by: tests/checkpoint/torch/test_torch_file.c
 */
#include "checkpoint/torch/torch_storage.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/choices.h"
#include "base/hash.h"
#include "checkpoint/pickle/pickle_data.h"

#define FIRST_BUCKETS ((size_t)64)
#define LONGEST_KEY ((size_t)255)

/* ---- types ---- */

typedef struct storage_type {
    const char *name;
    size_t element;
    bool numeric; /* false: `type` means nothing */
    sg_stored_type type;
} storage_type;

static const storage_type storage_types[] = {
    {"FloatStorage", 4, true, SG_STORED_F32},  {"DoubleStorage", 8, true, SG_STORED_F64},
    {"HalfStorage", 2, true, SG_STORED_F16},   {"BFloat16Storage", 2, true, SG_STORED_BF16},
    {"LongStorage", 8, true, SG_STORED_I64},   {"IntStorage", 4, true, SG_STORED_I32},
    {"ShortStorage", 2, true, SG_STORED_I16},  {"CharStorage", 1, true, SG_STORED_I8},
    {"ByteStorage", 1, true, SG_STORED_U8},    {"BoolStorage", 1, true, SG_STORED_BOOL},
    {"UntypedStorage", 1, true, SG_STORED_U8}, {"ComplexFloatStorage", 8, false, SG_STORED_U8},
    {"QInt8Storage", 1, false, SG_STORED_U8},  {"ComplexDoubleStorage", 16, false, SG_STORED_U8},
    {"QUInt8Storage", 1, false, SG_STORED_U8}, {"QInt32Storage", 4, false, SG_STORED_U8},
};

typedef struct tensor_type {
    const char *name;
    sg_stored_type type;
} tensor_type;

static const tensor_type tensor_types[] = {
    {"torch.float32", SG_STORED_F32}, {"torch.float64", SG_STORED_F64},
    {"torch.float16", SG_STORED_F16}, {"torch.bfloat16", SG_STORED_BF16},
    {"torch.int64", SG_STORED_I64},   {"torch.int32", SG_STORED_I32},
    {"torch.int16", SG_STORED_I16},   {"torch.int8", SG_STORED_I8},
    {"torch.uint8", SG_STORED_U8},    {"torch.bool", SG_STORED_BOOL},
    {"torch.uint16", SG_STORED_U16},  {"torch.uint32", SG_STORED_U32},
    {"torch.uint64", SG_STORED_U64},
};

bool sg_torch_type_of(const char *class_name, sg_stored_type *type)
{
    static const sg_choices names = SG_CHOICES(tensor_types);
    const int found = class_name ? sg_choice_find(&names, class_name) : -1;
    if (found >= 0)
        *type = tensor_types[found].type;
    return found >= 0;
}

/* Finds torch.FloatStorage, torch.cuda.FloatStorage, torch.storage.UntypedStorage ...; or NULL. */
static const storage_type *find_type(const char *class_name)
{
    const char *dot = class_name ? strrchr(class_name, '.') : NULL;
    static const sg_choices names = SG_CHOICES(storage_types);
    const bool torch = dot && strncmp(class_name, "torch.", 6) == 0;
    const int found = torch ? sg_choice_find(&names, dot + 1) : -1;
    return found >= 0 ? &storage_types[found] : NULL;
}

/* ---- the table ---- */

static size_t hash_key(const unsigned char *key, size_t size)
{
    const uint64_t hash = sg_hash_bytes(sg_hash_start, key, size);
    return (size_t)(hash ^ hash >> 32);
}

sg_torch_storage *sg_torch_storages_get(const sg_torch_storages *storages, const unsigned char *key,
                                        size_t key_size)
{
    if (storages->bucket_count == 0)
        return NULL;
    size_t bucket = hash_key(key, key_size) & (storages->bucket_count - 1);
    sg_torch_storage *entry = storages->buckets[bucket];
    while (entry && (entry->key_size != key_size || memcmp(entry->key, key, key_size) != 0))
        entry = entry->next;
    return entry;
}

void sg_torch_storages_clear(sg_torch_storages *storages)
{
    sg_tree_refund(storages->tree, storages->bucket_count * sizeof *storages->buckets);
    free(storages->buckets);
    storages->buckets = NULL;
    storages->bucket_count = 0;
}

/* Doubles the buckets; false on lack of budget or memory. */
static bool grow_buckets(sg_torch_storages *storages)
{
    size_t count = storages->bucket_count > 0 ? storages->bucket_count * 2 : FIRST_BUCKETS;
    size_t added = (count - storages->bucket_count) * sizeof *storages->buckets;
    if (!sg_tree_charge(storages->tree, added))
        return false;
    sg_torch_storage **buckets = sg_allocate(count, sizeof *buckets);
    if (!buckets) {
        sg_tree_refund(storages->tree, added);
        return false;
    }
    for (size_t i = 0; i < storages->bucket_count; i++) {
        while (storages->buckets[i]) {
            sg_torch_storage *entry = storages->buckets[i];
            size_t bucket = hash_key(entry->key, entry->key_size) & (count - 1);
            storages->buckets[i] = entry->next;
            entry->next = buckets[bucket];
            buckets[bucket] = entry;
        }
    }
    free(storages->buckets);
    storages->buckets = buckets;
    storages->bucket_count = count;
    return true;
}

/* Adds an entry for a key that has none; NULL on lack of budget or memory. */
static sg_torch_storage *add_storage(sg_torch_storages *storages, const unsigned char *key,
                                     size_t key_size)
{
    if (storages->count == storages->bucket_count && !grow_buckets(storages))
        return NULL;
    sg_torch_storage *entry = sg_tree_allocate(storages->tree, sizeof *entry);
    if (entry) {
        size_t bucket = hash_key(key, key_size) & (storages->bucket_count - 1);
        entry->key = key;
        entry->key_size = key_size;
        entry->next = storages->buckets[bucket];
        storages->buckets[bucket] = entry;
        storages->count++;
    }
    return entry;
}

/* ---- persistent ids ---- */

/* Narrows a view to (key, offset, size), counted in elements; None is the whole storage. */
static bool read_part(const sg_value *part, sg_storage_view *view, size_t element)
{
    int64_t offset;
    int64_t size;
    if (part->kind == SG_VALUE_NONE)
        return true;
    if (part->kind != SG_VALUE_TUPLE || part->list.count != 3 ||
        !sg_plain_integer(part->list.items[1], 0, INT64_MAX / 16, &offset) ||
        !sg_plain_integer(part->list.items[2], 0, INT64_MAX / 16, &size))
        return false;
    view->offset = (size_t)offset * element;
    size_t bytes = (size_t)size * element;
    if (view->offset > view->size || bytes > view->size - view->offset)
        return false;
    view->size = bytes;
    return true;
}

static sg_status make_view(sg_pickle *pickle, const sg_value *class_value,
                           const sg_storage_view *view, sg_value **result)
{
    sg_storage_view *copy = sg_tree_allocate(pickle->tree, sizeof *copy);
    if (!copy)
        return sg_pickle_fail_memory(pickle);
    *copy = *view;
    SG_TRY(sg_pickle_give(pickle,
                          sg_tree_object(pickle->tree, SG_VALUE_OBJECT, SG_ROLE_STORAGE,
                                         class_value->object.class_name),
                          result));
    (*result)->object.storage = copy;
    return SG_OK;
}

/* Returns the storage of this key and size in bytes; a new one is found in the file. */
static sg_status obtain(sg_torch_storages *storages, sg_pickle *pickle, const sg_value *key,
                        size_t element, size_t size, sg_torch_storage **result)
{
    sg_torch_storage *entry = sg_torch_storages_get(storages, key->text.bytes, key->text.size);
    if (entry) {
        *result = entry;
        if (entry->storage.size != size)
            return sg_pickle_fail(pickle, "a storage has %zu bytes in one place and %zu in another",
                                  entry->storage.size, size);
        return SG_OK;
    }
    entry = add_storage(storages, key->text.bytes, key->text.size);
    if (!entry)
        return sg_pickle_fail_memory(pickle);
    entry->element = element;
    entry->storage.size = size;
    *result = entry;
    return storages->find ? storages->find(storages->context, entry, pickle->error) : SG_OK;
}

static sg_status load_storage(sg_torch_storages *storages, sg_pickle *pickle, const sg_value *id,
                              sg_value **result)
{
    sg_value *const *parts = id->list.items;
    const storage_type *type = find_type(sg_value_class(parts[1]));
    int64_t elements;
    if (!type)
        return SG_OK;
    if (!sg_is_byte_data(parts[2]) || parts[2]->text.size > LONGEST_KEY ||
        !sg_plain_integer(parts[4], 0, INT64_MAX / 16, &elements))
        return sg_pickle_fail(pickle,
                              "a storage's key is not a short text, or its size is not a number");
    sg_torch_storage *entry = NULL;
    size_t size = (size_t)elements * type->element;
    SG_TRY(obtain(storages, pickle, parts[2], type->element, size, &entry));
    sg_storage_view view = {
        .storage = &entry->storage, .size = size, .numeric = type->numeric, .type = type->type};
    if (id->list.count == 6 && !read_part(parts[5], &view, type->element))
        return sg_pickle_fail(pickle, "a part of a storage does not lie within it");
    return make_view(pickle, parts[1], &view, result);
}

sg_status sg_torch_persistent_load(void *storages, sg_pickle *pickle, const sg_value *id,
                                   sg_value **result)
{
    size_t count = id->kind == SG_VALUE_TUPLE ? id->list.count : 0;
    /* ("module", class, file, source): the class; its source is of no use here. */
    if (count >= 2 && sg_value_is_text(id->list.items[0], "module")) {
        *result = id->list.items[1];
        return SG_OK;
    }
    if ((count == 5 || count == 6) && sg_value_is_text(id->list.items[0], "storage"))
        return load_storage(storages, pickle, id, result);
    return SG_OK;
}
