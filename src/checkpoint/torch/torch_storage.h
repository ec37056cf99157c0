/*
 * The storages of a torch file. A pickle refers to a storage by a persistent id,
 * ("storage", class, key, location, number of elements [, part]). The same key means the same
 * storage, so that tensors may share it.
 */
#ifndef SG_CHECKPOINT_TORCH_TORCH_STORAGE_H
#define SG_CHECKPOINT_TORCH_TORCH_STORAGE_H

#include "checkpoint/pickle/pickle.h"

/* One storage of a file, by its key. */
typedef struct sg_torch_storage {
    const unsigned char *key;
    size_t key_size;
    size_t element; /* bytes of an element in the first reference */
    sg_array_storage storage;
    bool found;                    /* its data were found in the file */
    struct sg_torch_storage *next; /* of the same hash */
} sg_torch_storage;

/*
 * Finds the data of a storage (key and storage.size are set) at the first reference to it, and sets
 * storage.bytes, storage.big_endian and found.
 */
typedef sg_status (*sg_storage_find)(void *context, sg_torch_storage *storage, sg_error *error);

/* The storages of a file that were referred to; entries belong to the tree's arena. */
typedef struct sg_torch_storages {
    sg_value_tree *tree;
    sg_torch_storage **buckets; /* heap, by hash of the key */
    size_t bucket_count;
    size_t count;
    sg_storage_find find; /* or NULL: data are found later */
    void *context;
} sg_torch_storages;

/* Looks a key up; NULL if nothing referred to it. */
sg_torch_storage *sg_torch_storages_get(const sg_torch_storages *storages, const unsigned char *key,
                                        size_t key_size);

/* Frees the table, but not its entries. */
void sg_torch_storages_clear(sg_torch_storages *storages);

/* A sg_persistent_load whose context is the table. */
sg_status sg_torch_persistent_load(void *storages, sg_pickle *pickle, const sg_value *id,
                                   sg_value **result);

/* Finds the element type of a dtype by its name ("torch.float32"); false for other names. */
bool sg_torch_type_of(const char *class_name, sg_stored_type *type);

#endif
