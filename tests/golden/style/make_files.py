#!/usr/bin/env python3
"""Made the files beside it: the published encoder and decoder of AdaIN style transfer (Huang and
Belongie 2017) with few channels and random weights, pictures of odd sizes, and what PyTorch makes
of them. Needs torch and Pillow."""

import pathlib

import torch
from PIL import Image
from torch import nn

HERE = pathlib.Path(__file__).parent
ENCODER = (3, 4, 4, 6, 6, 8, 8, 8, 8, 10)  # channels that each convolution makes
DECODER = (8, 8, 8, 8, 6, 6, 4, 4, 3)
POOLED, ENLARGED = (2, 4, 8), (0, 4, 6)  # convolutions that a pool or an enlargement follows


def convolution(before, after):
    return [nn.ReflectionPad2d(1), nn.Conv2d(before, after, 3)]


def encoder():
    layers, channels = [nn.Conv2d(3, ENCODER[0], 1)], ENCODER[0]
    for i, after in enumerate(ENCODER[1:], 1):
        layers += convolution(channels, after) + [nn.ReLU()]
        if i in POOLED:
            layers.append(nn.MaxPool2d(2, 2, 0, ceil_mode=True))
        channels = after
    return nn.Sequential(*layers)


def decoder():
    layers, channels = [], ENCODER[-1]
    for i, after in enumerate(DECODER):
        layers += convolution(channels, after)
        if i < len(DECODER) - 1:
            layers.append(nn.ReLU())
        if i in ENLARGED:
            layers.append(nn.UpsamplingNearest2d(scale_factor=2))
        channels = after
    return nn.Sequential(*layers)


def picture(name, width, height):
    values = torch.rand(3, height, width)
    values[:, : height // 2] *= torch.linspace(0.2, 1, width)
    image = Image.new("RGB", (width, height))
    image.putdata([tuple(round(float(v) * 255) for v in values[:, y, x])
                   for y in range(height) for x in range(width)])
    image.save(HERE / name)
    pixels = torch.tensor(list(image.getdata()), dtype=torch.float32) / 255
    return pixels.reshape(height, width, 3).permute(2, 0, 1)[None]


def moments(features):
    deviation = (features.var((2, 3), keepdim=True) + 1e-5).sqrt()
    return features.mean((2, 3), keepdim=True), deviation


def adain(content, style):
    (mean, deviation), (style_mean, style_deviation) = moments(content), moments(style)
    return (content - mean) / deviation * style_deviation + style_mean


torch.manual_seed(3)
encode, decode = encoder(), decoder()
for net in (encode, decode):
    for parameter in net.parameters():
        parameter.data.mul_(2.6 if parameter.dim() > 1 else 1)
decode[-1].bias.data.fill_(0.5)
torch.save(encode.state_dict(), HERE / "encoder.pth")
torch.save(decode.state_dict(), HERE / "decoder.pth")
content = picture("content.png", 37, 29)
styles = picture("style0.png", 24, 40), picture("style1.png", 33, 33)
with torch.no_grad():
    features = encode(content)
    target = 0.3 * adain(features, encode(styles[0])) + 0.7 * adain(features, encode(styles[1]))
    result = decode(0.6 * target + 0.4 * features)[:, :, :29, :37].clamp(0, 1)
pixels = (result[0].permute(1, 2, 0) * 255).round().to(torch.uint8)
print("levels", pixels.min().item(), pixels.max().item(), pixels.float().std((0, 1)).tolist())
Image.fromarray(pixels.numpy(), "RGB").save(HERE / "expected.png")
