/* Finds the cases under a folder and runs each. */
#ifndef GOLDEN_TEST_WALK_H
#define GOLDEN_TEST_WALK_H

#include <stdbool.h>

#include "golden_test/report.h"

/* Runs every case in the folder and below it, in the order of their names; false when it cannot be
 * read. */
bool walk_folder(const char *folder, golden_report *report);

#endif
