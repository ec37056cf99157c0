#include "golden_test/metric_case.h"
void run_features(golden_case *test)
{
    (void)test;
}
void run_images(golden_case *test)
{
    (void)test;
}
