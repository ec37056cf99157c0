/* Cases of one file each, known by its name in any folder: augmentation, training, editing. */
#ifndef GOLDEN_TEST_EDITING_FILES_H
#define GOLDEN_TEST_EDITING_FILES_H

#include "golden_test/golden_case.h"

/* Whether a file's name says that it is such a case. */
bool is_editing_file(const char *entry);

/* Runs the file in the case's folder; each line is named after it. */
void run_editing_file(const golden_case *test, const char *entry);

/*
 * Finds the network of the case that networks.json in the case's folder names for `kind`
 * ("stylegan2", "stylegan3", "conditional"): its folder below where the walk began, or else in
 * tests/golden. Writes the file's path into `path`, of 4096 bytes. False when there is none, with a
 * reason in `reason`, of 300 bytes.
 */
bool find_editing_network(const golden_case *test, const char *kind, char *path, char *reason);

#endif
