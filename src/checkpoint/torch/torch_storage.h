/*
 * The storages of a torch file. A pickle refers to one by a persistent id,
 * ("storage", class, key, location, number of elements [, part]); the same key means the same
 * storage, so that tensors may share it.
 */
#ifndef SG_CHECKPOINT_TORCH_TORCH_STORAGE_H
#define SG_CHECKPOINT_TORCH_TORCH_STORAGE_H

#include "checkpoint/pickle/pickle.h"

/* One storage of a file, by its key. */
typedef struct sg_torch_storage {
    const unsigned char *key;
    size_t key_size;
    size_t element; /* bytes of an element, as the first who asked for it had it */
    sg_storage storage;
    bool found;                    /* whether its data were found in the file */
    struct sg_torch_storage *next; /* of the same hash */
} sg_torch_storage;

/*
 * Finds the data of a storage (key and storage.size are set) when it is first asked for, and sets
 * storage.bytes, storage.big_endian and found.
 */
typedef sg_status (*sg_storage_find)(void *context, sg_torch_storage *storage, sg_error *error);

/* The storages of a file that were asked for; entries belong to the document's arena. */
typedef struct sg_torch_storages {
    sg_document *document;
    sg_torch_storage **buckets; /* heap, by hash of the key */
    size_t bucket_count;
    size_t count;
    sg_storage_find find; /* or NULL: data are found later */
    void *context;
} sg_torch_storages;

/* Looks a key up; NULL when nobody asked for it. */
sg_torch_storage *sg_torch_storages_get(const sg_torch_storages *storages, const unsigned char *key,
                                        size_t key_size);

/* Frees the table, but not what it points to. */
void sg_torch_storages_clear(sg_torch_storages *storages);

/* A sg_persistent_load whose context is the table. */
sg_status sg_torch_persistent_load(void *storages, sg_pickle *pickle, const sg_value *id,
                                   sg_value **result);

/* The element type of the class or dtype of this name ("torch.float32"); false for others. */
bool sg_torch_type_of(const char *class_name, sg_stored_type *type);

#endif
