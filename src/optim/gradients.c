/* Gradients of trainable tensors; see gradients.h. */
#include "optim/gradients.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "tensor/work.h"

bool sg_trainable_list_make(sg_trainable_list *list, const sg_parameter_set *set)
{
    *list = (sg_trainable_list){.tensors = sg_allocate(set->count + 1, sizeof *list->tensors),
                                .gradients = sg_allocate(set->count + 1, sizeof *list->gradients)};
    if (!list->tensors || !list->gradients)
        return false;
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].trainable)
            list->tensors[list->count++] = set->items[i].tensor;
    return true;
}

void sg_trainable_list_release_gradients(sg_trainable_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        sg_tensor_release(list->gradients[i]);
        list->gradients[i] = NULL;
    }
}

void sg_trainable_list_clear(sg_trainable_list *list)
{
    sg_trainable_list_release_gradients(list);
    free(list->tensors);
    free(list->gradients);
    *list = (sg_trainable_list){0};
}

/* Returns the sum of squares in double, which is finite exactly if all values are. */
static double sum_of_squares(sg_tensor *tensor)
{
    enum { LANES = 8 };
    const float *values = sg_f32(tensor);
    const int64_t count = sg_is_hollow(tensor->context) ? 0 : sg_tensor_count(tensor);
    sg_work_note_pass(sg_check_kind, tensor, 1);
    double lane[LANES] = {0};
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (int k = 0; k < LANES; k++)
            lane[k] += (double)values[i + k] * (double)values[i + k];
    for (; i < count; i++)
        lane[0] += (double)values[i] * (double)values[i];
    double sum = 0;
    for (int k = 0; k < LANES; k++)
        sum += lane[k];
    return sum;
}

double sg_gradient_norm(const sg_trainable_list *list)
{
    double total = 0;
    for (size_t i = 0; i < list->count; i++) {
        sg_tensor *gradient = list->gradients[i];
        total += gradient ? sum_of_squares(gradient) : 0;
    }
    return sqrt(total);
}

int64_t sg_gradient_make_finite(const sg_trainable_list *list)
{
    static const float largest = 1e5F;
    int64_t replaced = 0;
    for (size_t i = 0; i < list->count; i++) {
        const sg_tensor *gradient = list->gradients[i];
        for (int64_t k = 0; gradient && k < sg_tensor_count(gradient); k++) {
            float *value = &sg_f32(gradient)[k];
            if (isfinite(*value))
                continue;
            *value = isnan(*value) ? 0 : copysignf(largest, *value);
            replaced++;
        }
    }
    return replaced;
}

void sg_gradient_scale(const sg_trainable_list *list, double factor)
{
    for (size_t i = 0; i < list->count; i++) {
        const sg_tensor *gradient = list->gradients[i];
        if (gradient && sg_is_hollow(gradient->context))
            continue;
        for (int64_t k = 0; gradient && k < sg_tensor_count(gradient); k++)
            sg_f32(gradient)[k] *= (float)factor;
    }
}

const char *sg_find_not_finite(const sg_parameter_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        sg_tensor *tensor = set->items[i].tensor;
        if (!isfinite(sum_of_squares(tensor)))
            return set->items[i].name;
    }
    return NULL;
}
