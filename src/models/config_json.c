/*
 * Configs from and to the official init_kwargs as JSON, by the tables of the families: a keyword is
 * known in one row; all others are refused by name, except those of forks that change nothing.
 */
#include "models/config_json.h"

#include "models/config_fields.h"
#include "models/config_rules.h"
#include "models/family.h"
#include "models/fork_options.h"

static const sg_fields_reading init_reading = {
    .subject = "the network's config", .name = "init_kwargs", .skips = sg_fork_option_is_harmless};

sg_status sg_generator_config_from_json(const cJSON *init_kwargs, sg_family family,
                                        sg_generator_config *config, sg_error *error)
{
    sg_generator_config result = sg_generator_config_of_family(family);
    const sg_field_table fields = sg_generator_fields(family);
    SG_TRY(sg_fields_from_json(&fields, &init_reading, init_kwargs, &result, NULL, error));
    SG_TRY(sg_generator_config_check(&result, error));
    *config = result;
    return SG_OK;
}

sg_family sg_discriminator_family_of_json(const cJSON *init_kwargs)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(init_kwargs, "family");
    const int family =
        cJSON_IsString(name) ? sg_choice_find(&sg_family_choices, name->valuestring) : -1;
    return family >= 0 ? (sg_family)family : SG_DEFAULT_FAMILY;
}

sg_status sg_discriminator_config_from_json(const cJSON *init_kwargs,
                                            sg_discriminator_config *config, sg_error *error)
{
    const sg_family family = sg_discriminator_family_of_json(init_kwargs);
    sg_discriminator_config result = sg_discriminator_config_of_family(family);
    SG_TRY(sg_fields_from_json(sg_family_of(result.family)->discriminator_fields, &init_reading,
                               init_kwargs, &result, NULL, error));
    SG_TRY(sg_discriminator_config_check(&result, error));
    *config = result;
    return SG_OK;
}

static cJSON *to_json(const sg_field_table *fields, const void *config, const void *defaults)
{
    cJSON *object = cJSON_CreateObject();
    if (object && sg_fields_to_json(fields, config, defaults, object))
        return object;
    cJSON_Delete(object);
    return NULL;
}

cJSON *sg_generator_config_to_json(const sg_generator_config *config)
{
    const sg_generator_config defaults = sg_generator_config_of_family(config->family);
    const sg_field_table fields = sg_generator_fields(config->family);
    return to_json(&fields, config, &defaults);
}

cJSON *sg_discriminator_config_to_json(const sg_discriminator_config *config)
{
    const sg_discriminator_config defaults = sg_discriminator_config_of_family(config->family);
    return to_json(sg_family_of(defaults.family)->discriminator_fields, config, &defaults);
}

/* ---- what is ignored ---- */

static void visit_ignored(const sg_field_table *table, const cJSON *object,
                          void (*visit)(void *user, const char *keyword), void *user)
{
    const cJSON *value;
    cJSON_ArrayForEach(value, object)
    {
        const int index = value->string ? sg_field_find(table, value->string) : -1;
        const sg_field *row = index >= 0 ? sg_field_at(table, (size_t)index) : NULL;
        const bool asks = !cJSON_IsNull(value) && !cJSON_IsFalse(value) &&
                          !(cJSON_IsNumber(value) && value->valuedouble == 0.0);
        if (row && row->kind == SG_FIELD_OBJECT)
            visit_ignored(row->nested, value, visit, user);
        else if (!row && value->string && sg_fork_option_is_harmless(value->string, value))
            visit(user, value->string);
        else if (row && row->kind >= SG_FIELD_CONSTANT && asks)
            visit(user, row->name);
    }
}

void sg_config_visit_ignored(const cJSON *init_kwargs, bool discriminator, sg_family family,
                             void (*visit)(void *user, const char *keyword), void *user)
{
    const sg_field_table generator_fields = sg_generator_fields(family);
    visit_ignored(discriminator
                      ? sg_family_of(sg_discriminator_family(family))->discriminator_fields
                      : &generator_fields,
                  init_kwargs, visit, user);
}
