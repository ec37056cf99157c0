/*
 * golden-test DIR: compares the program with reference values that the official networks gave; see
 * tests/golden/README.md. Exit status 1 when anything failed or nothing passed, 2 for bad usage.
 */
#include <stdio.h>
#include <string.h>

#include "golden_test/walk.h"

int main(int argument_count, char **arguments)
{
    golden_report report = {0};
    if (argument_count != 2 || strcmp(arguments[1], "--help") == 0) {
        fputs("usage: golden-test DIR\n"
              "Compares results with the reference values in DIR's sub-folders.\n",
              argument_count == 2 ? stdout : stderr);
        return argument_count == 2 ? 0 : 2;
    }
    if (!walk_folder(arguments[1], &report)) {
        fprintf(stderr, "golden-test: cannot read the folder %s\n", arguments[1]);
        return 1;
    }
    return report_finish(&report);
}
