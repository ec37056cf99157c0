#!/usr/bin/env python3
"""Times a step of the official projector on PyTorch against `stylegan bench project`, in turn.

Usage: torch_projector.py STYLEGAN CHECKOUT [--threads N] [--rounds N] [--resolution N]

STYLEGAN is the program, CHECKOUT a clone of NVlabs/stylegan2-ada-pytorch, whose generator is taken
from there with random weights; python3-torch must be installed. Since the pickled VGG16 is not
published as code, a plain one of the same layers with random weights stands in for it. A step is
what projector.py does in one: noise in w, picture, features, distance, the regulariser of noise,
gradients, Adam, normalisation of noise. The first step of a round warms up and does not count.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time

WIDTHS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))


def plain_vgg16(torch):
    """Returns the five blocks of VGG16's convolutions."""
    blocks = torch.nn.ModuleList()
    channels = 3
    for index, widths in enumerate(WIDTHS):
        layers = [torch.nn.MaxPool2d(2)] if index else []
        for width in widths:
            layers += [torch.nn.Conv2d(channels, width, 3, padding=1), torch.nn.ReLU()]
            channels = width
        blocks.append(torch.nn.Sequential(*layers))
    return blocks.eval().requires_grad_(False)


def features(torch, blocks, pictures):
    """Returns one vector of a picture, as LPIPS in NVIDIA's form."""
    x = (pictures - 118.0) / 57.5
    parts = []
    for block in blocks:
        x = block(x)
        unit = x * (x.square().sum(1, keepdim=True) + 1e-20).rsqrt()
        parts.append(unit.flatten(1) / (x.shape[2] * x.shape[3]) ** 0.5)
    return torch.cat(parts, 1)


def noise_penalty(torch, buffers):
    """Returns the squared correlations of buffers with their neighbours, over all sizes."""
    total = 0.0
    for buffer in buffers:
        level = buffer[None, None]
        while True:
            for axis in (2, 3):
                total = total + (level * torch.roll(level, 1, axis)).mean() ** 2
            if level.shape[2] <= 8:
                break
            level = torch.nn.functional.avg_pool2d(level, 2)
    return total


def torch_steps(checkout, threads, resolution, count):
    """Returns the seconds of `count` steps of the official projector."""
    sys.path.insert(0, checkout)
    import torch
    from training.networks import Generator

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    generator = Generator(512, 0, 512, resolution, 3, synthesis_kwargs={
        "channel_base": 32768, "channel_max": 512, "num_fp16_res": 0})
    generator = generator.eval().requires_grad_(False)
    blocks = plain_vgg16(torch)
    wanted = features(torch, blocks, torch.rand(1, 3, resolution, resolution) * 255)
    buffers = [b for n, b in generator.synthesis.named_buffers() if n.endswith("noise_const")]
    w = torch.zeros(1, 1, 512, requires_grad=True)
    for buffer in buffers:
        buffer.requires_grad_(True)
    adam = torch.optim.Adam([w] + buffers, lr=0.1, betas=(0.9, 0.999))
    seconds = []
    for _ in range(count):
        start = time.perf_counter()
        ws = (w + 0.1 * torch.randn_like(w)).repeat(1, generator.mapping.num_ws, 1)
        picture = generator.synthesis(ws, noise_mode="const") * 127.5 + 127.5
        distance = (features(torch, blocks, picture) - wanted).square().sum()
        adam.zero_grad(set_to_none=True)
        (distance + 1e5 * noise_penalty(torch, buffers)).backward()
        adam.step()
        with torch.no_grad():
            for buffer in buffers:
                buffer -= buffer.mean()
                buffer *= buffer.square().mean().rsqrt()
        seconds.append(time.perf_counter() - start)
    return seconds


def own_step(program, threads, resolution):
    """Returns the seconds of a step of the program."""
    command = [program, "bench", "project", "--threads", str(threads), "--resolution",
               str(resolution), "--cbase", "32768", "--cmax", "512", "--json"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return json.loads(lines[-1])["seconds"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("checkout")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--resolution", type=int, default=256)
    parser.add_argument("--torch-steps", type=int, default=3)
    options = parser.parse_args()
    ratios = []
    for _ in range(options.rounds):
        own = own_step(options.program, options.threads, options.resolution)
        times = torch_steps(options.checkout, options.threads, options.resolution,
                            options.torch_steps)
        theirs = min(times[1:] or times)
        ratios.append(theirs / own)
        print(f"own {own:.2f} s, PyTorch {theirs:.2f} s, ratio {ratios[-1]:.2f}", flush=True)
    print(f"median ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
