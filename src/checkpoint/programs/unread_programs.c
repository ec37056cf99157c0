/*
 * Programs whose networks do not run here, each told by tensors that only its networks have: a file
 * of theirs is refused with the program's name and what to do.
 */
#include "checkpoint/maps/state_dict.h"

/* A program. Of `marks`, all must be there; `absent` must not. Unused ones are NULL. */
typedef struct unread_program {
    const char *marks[2];
    const char *absent;
    const char *reason; /* the end of a sentence that begins with "it is" */
} unread_program;

#define READ_INSTEAD                                                                               \
    "; bring a network of stylegan2-ada-pytorch, stylegan3 or rosinality's stylegan2-pytorch"

static const unread_program programs[] = {
    {{"GE.initial_conv.weight", NULL},
     NULL,
     "a network of stylegan2-pytorch by lucidrains, whose networks are not StyleGAN2's (they "
     "enlarge "
     "bilinearly and take noise through a linear layer)" READ_INSTEAD},
    {{"blocks.0.to_style1.weight", NULL},
     NULL,
     "a network of stylegan2-pytorch by lucidrains, whose networks are not StyleGAN2's (they "
     "enlarge "
     "bilinearly and take noise through a linear layer)" READ_INSTEAD},
    {{"generator.progression.0.conv1.input", "style.1.linear.weight_orig"},
     NULL,
     "a network of style-based-gan-pytorch by rosinality, whose layers add the bias before they "
     "blur, unlike "
     "StyleGAN's; bring a StyleGAN network in TensorFlow, or of huangzh13's StyleGAN.pytorch"},
    {{"progression.0.conv1.0.conv.weight_orig", "linear.linear.weight_orig"},
     NULL,
     "a discriminator of style-based-gan-pytorch by rosinality, whose layers add the bias before "
     "they downsample, unlike StyleGAN's"},
    {{"student.to_img1.conv.weight", NULL},
     NULL,
     "a network of MobileStyleGAN, whose student makes wavelets instead of colours; bring the "
     "teacher, a "
     "network of rosinality's stylegan2-pytorch"},
    {{"to_img1.conv.weight", "layers.0.conv1.conv.weight_dw"},
     NULL,
     "a network of MobileStyleGAN, whose student makes wavelets instead of colours; bring the "
     "teacher, a "
     "network of rosinality's stylegan2-pytorch"},
    {{"to_rgb1.conv.weight", "layers.0.conv1.conv.modulation.weight"},
     NULL,
     "the synthesis network of MobileStyleGAN's teacher, without its mapping network; bring the "
     "checkpoint of rosinality's stylegan2-pytorch that it was made from"},
    {{"conv1.conv.modulation.weight", "to_rgbs.0.iwt.ll"},
     NULL,
     "a network of SWAGAN in rosinality's stylegan2-pytorch, which makes wavelets instead of "
     "colours; bring a "
     "network that its train.py made as stylegan2"},
    {{"generator.conv1.conv.modulation.weight", "res.0.conv.0.weight"},
     NULL,
     "a network of DualStyleGAN, whose pictures take a second style from an example; bring the "
     "StyleGAN2 that "
     "it was made from, a checkpoint of rosinality's stylegan2-pytorch"},
    {{"stylegan_decoder.style_conv1.modulated_conv.weight", NULL},
     NULL,
     "a network of GFPGAN, which restores faces and draws none of its own; bring the StyleGAN2 "
     "that it was "
     "made from, in BasicSR's names"},
    {{"mapping.embed_proj.weight", "synthesis.input.freqs"},
     NULL,
     "a network of StyleGAN-XL, which embeds classes by another network's features" READ_INSTEAD},
    {{"mapping.embed.weight", "synthesis.input.freqs"},
     "mapping.embed.bias",
     "a network of StyleGAN-XL, which embeds classes by another network's features" READ_INSTEAD},
    {{"mapping.mlp.fc0.weight", NULL},
     NULL,
     "a network of StyleGAN-T, whose layers take texts by CLIP, with residuals and second-order "
     "styles" READ_INSTEAD},
    {{"backbone.synthesis.b4.const", "decoder.net.0.weight"},
     NULL,
     "a network of EG3D, whose StyleGAN2 makes planes that are rendered as volumes" READ_INSTEAD},
    {{"synthesis.init.init.0.weight_orig", "synthesis.to_big.weight_orig"},
     NULL,
     "a network of Projected GAN's FastGAN, which is no StyleGAN; bring one that was trained as "
     "stylegan2"},
    {{"init.init.0.weight_orig", "to_big.weight_orig"},
     NULL,
     "a network of FastGAN, which is no StyleGAN" READ_INSTEAD},
    {{"layers.0.conv_1.weight", "rgb_converters.0.weight"},
     NULL,
     "a network of pro_gan_pytorch, whose first layers differ from ProGAN's; bring a ProGAN in "
     "TensorFlow, or "
     "of genforce"},
    {{"scaleLayers.0.0.module.weight", "formatLayer.module.weight"},
     NULL,
     "a network of pytorch_GAN_zoo, whose layers differ from ProGAN's; bring a ProGAN in "
     "TensorFlow, or of "
     "genforce"},
};

static const unread_program *find_program(const sg_foreign_tensors *tensors)
{
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        const unread_program *program = &programs[i];
        if (sg_foreign_tensors_find(tensors, program->marks[0]) &&
            (!program->marks[1] || sg_foreign_tensors_find(tensors, program->marks[1])) &&
            !(program->absent && sg_foreign_tensors_find(tensors, program->absent)))
            return program;
    }
    return NULL;
}

static bool is_generator(const sg_foreign_tensors *tensors)
{
    return find_program(tensors);
}

static sg_status read_dict(sg_state_dict *dict)
{
    return sg_network_contents_refuse(dict->contents, dict->part, dict->error,
                                      "%.150s holds no network that runs here: it is %s",
                                      dict->contents->path, find_program(&dict->tensors)->reason);
}

const sg_dict_layout sg_unread_layout = {
    .title = "state dict of a program that is not read",
    .is_generator = is_generator,
    .read = read_dict,
};
