/* Safetensors as a tree of values, for state dicts that other programs saved in this format. */
#ifndef SG_CHECKPOINT_SAFETENSORS_SAFETENSORS_TREE_H
#define SG_CHECKPOINT_SAFETENSORS_SAFETENSORS_TREE_H

#include "base/error.h"
#include "checkpoint/values/value_tree.h"

/*
 * Reads the file in the tree's bytes into *root: a dict of the tensors by their names, in the
 * header's order. The numbers stay in the bytes. Fails as sg_safetensors_open does.
 */
sg_status sg_safetensors_read_tree(sg_value_tree *tree, sg_value **root, sg_error *error);

#endif
