#include "golden_test/metric_case.h"
void run_images(golden_case *test)
{
    (void)test;
}
