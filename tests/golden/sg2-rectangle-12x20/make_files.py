#!/usr/bin/env python3
"""Makes the golden case of a rectangle: a StyleGAN2 with a constant of 3x5, its pictures, scores,
losses and gradients, in double precision.

    make_files.py --check tests/golden/sg2-skip-32      the formulas give a published square case,
                                                        whose float32 turns an activation or two
    make_files.py tests/golden/sg2-rectangle-12x20      writes the files of this folder

The formulas are those of Karras et al. 2020 (sections 2 and 3, appendix B) with the constants of
the official networks; only convolutions are PyTorch's. Needs NumPy and PyTorch.
"""

import json
import math
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
TYPES = {"F32": np.float32, "U8": np.uint8}

# ---- files ----


def read(path):
    with open(path, "rb") as file:
        size, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        values = file.read()
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        tensors[name] = np.frombuffer(values[first:last],
                                      TYPES[entry["dtype"]]).reshape(entry["shape"])
    return tensors, metadata


def write(path, tensors, metadata):
    header = {"__metadata__": metadata} if metadata else {}
    values = b""
    for name, tensor in tensors.items():
        tensor = np.asarray(tensor)
        tensor = tensor if tensor.dtype == np.uint8 else tensor.astype(np.float32)
        data = np.ascontiguousarray(tensor).tobytes()
        header[name] = {"dtype": "U8" if tensor.dtype == np.uint8 else "F32",
                        "shape": list(tensor.shape),
                        "data_offsets": [len(values), len(values) + len(data)]}
        values += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + values)

# ---- layers ----


TAPS = torch.tensor([1.0, 3.0, 3.0, 1.0])
FILTER = torch.outer(TAPS, TAPS) / TAPS.sum() ** 2
LRELU_GAIN = math.sqrt(2)


def lrelu(x, gain=LRELU_GAIN):
    return F.leaky_relu(x, 0.2) * gain


def filtered(x, before, after, up=1, down=1, gain=1.0):
    """Zeros between pixels, padding, the filter, every so manieth pixel."""
    samples, channels, height, width = x.shape
    if up > 1:
        spread = x.new_zeros(samples, channels, height, up, width, up)
        spread[:, :, :, 0, :, 0] = x
        x = spread.reshape(samples, channels, height * up, width * up)
    x = F.pad(x, [before, after, before, after])
    kernel = (FILTER * gain).flip([0, 1])[None, None].repeat(channels, 1, 1, 1)
    return F.conv2d(x, kernel, groups=channels)[:, :, ::down, ::down]


def linear(p, name, x, rate=1.0, act=False):
    weight, bias = p[name + ".weight"], p[name + ".bias"]
    y = x @ (weight * rate / math.sqrt(weight.shape[1])).T + bias * rate
    return lrelu(y) if act else y


def modulated(p, name, x, w, up):
    weight = p[name + ".weight"]
    style = linear(p, name + ".affine", w)
    kernels = weight[None] * style[:, None, :, None, None]
    kernels = kernels * torch.rsqrt((kernels ** 2).sum([2, 3, 4], keepdim=True) + 1e-8)
    result = []
    for n in range(x.shape[0]):
        if up == 1:
            result.append(F.conv2d(x[n:n + 1], kernels[n], padding=1))
        else:
            wide = F.conv_transpose2d(x[n:n + 1], kernels[n].transpose(0, 1), stride=2)
            result.append(filtered(wide, 1, 1, gain=4))
    return torch.cat(result)


def layer(p, name, x, w, up, noise):
    x = modulated(p, name, x, w, up)
    if noise:
        x = x + p[name + ".noise_const"] * p[name + ".noise_strength"]
    return lrelu(x + p[name + ".bias"][None, :, None, None])


def colours(p, name, x, w):
    weight = p[name + ".weight"]
    style = linear(p, name + ".affine", w) / math.sqrt(weight.shape[1])
    y = torch.einsum("nchw,oc->nohw", x * style[:, :, None, None], weight[:, :, 0, 0])
    return y + p[name + ".bias"][None, :, None, None]


def convolution(p, name, x, down=1, act=True, gain=1.0):
    weight = p[name + ".weight"]
    kernel = weight.shape[2]
    weight = weight / math.sqrt(weight.shape[1] * kernel * kernel)
    if down > 1 and kernel == 1:
        y = F.conv2d(filtered(x, 1, 1, down=2), weight)
    elif down > 1:
        y = F.conv2d(filtered(x, 2, 2), weight, stride=2)
    else:
        y = F.conv2d(x, weight, padding=kernel // 2)
    if name + ".bias" in p:
        y = y + p[name + ".bias"][None, :, None, None]
    return lrelu(y, LRELU_GAIN * gain) if act else y * gain

# ---- networks ----


def resolutions(config):
    return [4 << i for i in range(int(math.log2(config["img_resolution"])) - 1)]


def mapping(config, p, z):
    x = z * torch.rsqrt((z ** 2).mean(1, keepdim=True) + 1e-8)
    for i in range(config["mapping_kwargs"]["num_layers"]):
        x = linear(p, f"mapping.fc{i}", x, 0.01, True)
    return x[:, None].repeat(1, 2 * len(resolutions(config)), 1)


def truncated(p, ws, psi, cutoff=None):
    average = p["mapping.w_avg"]
    moved = average + psi * (ws - average)
    return moved if cutoff is None else torch.cat([moved[:, :cutoff], ws[:, cutoff:]], 1)


def synthesis(config, p, ws, noise=True):
    picture = None
    x = p["synthesis.b4.const"][None].repeat(ws.shape[0], 1, 1, 1)
    at = 0
    for resolution in resolutions(config):
        block = f"synthesis.b{resolution}"
        if resolution > 4:
            x = layer(p, block + ".conv0", x, ws[:, at], 2, noise)
            at += 1
        x = layer(p, block + ".conv1", x, ws[:, at], 1, noise)
        at += 1
        if picture is not None:
            picture = filtered(picture, 2, 1, up=2, gain=4)
        y = colours(p, block + ".torgb", x, ws[:, at])
        picture = y if picture is None else picture + y
    return picture


def scores(config, p, x):
    picture = x
    for resolution in reversed(resolutions(config)[1:]):
        block = f"b{resolution}"
        if picture is not None:
            x = convolution(p, block + ".fromrgb", picture)
            picture = None
        shortcut = convolution(p, block + ".skip", x, 2, False, math.sqrt(0.5))
        x = convolution(p, block + ".conv0", x)
        x = shortcut + convolution(p, block + ".conv1", x, 2, gain=math.sqrt(0.5))
    samples, _, height, width = x.shape
    group = min(config["epilogue_kwargs"]["mbstd_group_size"], samples)
    y = x.reshape(group, samples // group, *x.shape[1:])
    y = ((y - y.mean(0)) ** 2).mean(0)
    y = torch.sqrt(y + 1e-8).mean([1, 2, 3]).reshape(-1, 1, 1, 1).repeat(group, 1, height, width)
    x = convolution(p, "b4.conv", torch.cat([x, y], 1)).flatten(1)
    return linear(p, "b4.out", linear(p, "b4.fc", x, act=True))

# ---- values ----


def parameters(tensors, part):
    """Leaves, except buffers."""
    found = {}
    for name, value in tensors.items():
        if name.startswith(part + "."):
            leaf = torch.tensor(np.array(value, np.float64))
            leaf.requires_grad_(not name.endswith(("resample_filter", "noise_const", "w_avg")))
            found[name[len(part) + 1:]] = leaf
    return found


def add_gradients(result, name, loss, p):
    leaves = {k: v for k, v in p.items() if v.requires_grad}
    result["loss." + name] = loss
    gradients = torch.autograd.grad(loss, list(leaves.values()), allow_unused=True)
    for key, gradient in zip(leaves, gradients):
        result[f"grad.{name}.{key}"] = torch.zeros_like(p[key]) if gradient is None else gradient


def add_losses(result, g_config, g, d_config, d, given):
    z, real, noise = given["z"], given["real"], given["pl_noise"]
    made = synthesis(g_config, g, mapping(g_config, g, z))
    add_gradients(result, "G_main", F.softplus(-scores(d_config, d, made)).mean(), g)
    loss = F.softplus(scores(d_config, d, made.detach())).mean()
    add_gradients(result, "D_main", loss + F.softplus(-scores(d_config, d, real)).mean(), d)
    leaf = real.clone().requires_grad_(True)
    gradient, = torch.autograd.grad(scores(d_config, d, leaf).sum(), leaf, create_graph=True)
    result["r1_input_grad"] = gradient
    add_gradients(result, "D_r1", (gradient ** 2).sum([1, 2, 3]).mean() * 5, d)
    ws = mapping(g_config, g, z[:2])
    made = synthesis(g_config, g, ws)
    gradient, = torch.autograd.grad((made * noise).sum(), ws, create_graph=True)
    lengths = torch.sqrt((gradient ** 2).sum(2).mean(1))
    mean = 0.01 * lengths.mean()
    result["pl_lengths"], result["pl_mean"] = lengths, mean
    add_gradients(result, "G_pl", 2 * ((lengths - mean) ** 2).mean(), g)


def mixed(ws, layers):
    return torch.cat([ws[:, :layers], torch.roll(ws, 1, 0)[:, layers:]], 1)


def bytes_of(pictures):
    """As [N, H, W, C]."""
    values = torch.clamp(pictures.detach() * 127.5 + 128, 0, 255)
    return values.permute(0, 2, 3, 1).numpy().astype(np.uint8)


def compute(tensors, config, inputs):
    g_config, d_config = config["G_ema"]["init_kwargs"], config["D"]["init_kwargs"]
    g, d = parameters(tensors, "G_ema"), parameters(tensors, "D")
    given = {k: torch.tensor(np.array(v, np.float64)) for k, v in inputs.items()}
    ws = mapping(g_config, g, given["z"])
    result = dict(inputs)
    result["ws"] = ws
    result["ws_psi0.5"] = truncated(g, ws, 0.5)
    result["ws_psi0.7_cutoff4"] = truncated(g, ws, 0.7, 4)
    result["img"] = synthesis(g_config, g, ws)
    result["img_psi0.5"] = synthesis(g_config, g, result["ws_psi0.5"])
    result["img_noise_none"] = synthesis(g_config, g, ws, False)
    result["img_mix5"] = synthesis(g_config, g, mixed(ws, 5))
    result["img_uint8_nhwc"] = bytes_of(result["img"])
    result["D_real"] = scores(d_config, d, given["real"])
    result["D_fake"] = scores(d_config, d, result["img"])
    add_losses(result, g_config, g, d_config, d, given)
    return {k: v.detach().numpy() if torch.is_tensor(v) else v for k, v in result.items()}


def compute_seeds(tensors, config, seeds):
    g_config, g = config["G_ema"]["init_kwargs"], parameters(tensors, "G_ema")
    result = {}
    for seed in seeds:
        z = torch.tensor(np.random.RandomState(seed).randn(1, g_config["z_dim"]))
        ws = truncated(g, mapping(g_config, g, z), 0.7)
        result[f"seed{seed}_psi0.7"] = bytes_of(synthesis(g_config, g, ws))[0]
    return result

# ---- the rectangle ----


HEIGHT, WIDTH, RESOLUTION, WIDEST, LATENTS = 3, 5, 16, 6, 8
CONFIG = {
    "G_ema": {"class_name": "Generator", "init_kwargs": {
        "z_dim": LATENTS, "c_dim": 0, "w_dim": LATENTS, "img_resolution": RESOLUTION,
        "img_channels": 3, "init_res": [HEIGHT, WIDTH], "mapping_kwargs": {"num_layers": 2},
        "channel_base": 64, "channel_max": WIDEST, "num_fp16_res": 0, "architecture": "skip",
        "conv_clamp": None}},
    "D": {"class_name": "Discriminator", "init_kwargs": {
        "c_dim": 0, "img_resolution": RESOLUTION, "img_channels": 3, "init_res": [HEIGHT, WIDTH],
        "channel_base": 64, "channel_max": WIDEST, "num_fp16_res": 0, "architecture": "resnet",
        "conv_clamp": None, "epilogue_kwargs": {"mbstd_group_size": 4, "mbstd_num_channels": 1}}}}


def channels(resolution):
    return min(64 // resolution, WIDEST)


def make_networks(random):
    tensors = {}

    def add(name, *shape, spread=1.0, middle=0.0):
        tensors[name] = np.float32(random.randn(*shape) * spread + middle)

    def add_filter(name):
        tensors[name + ".resample_filter"] = FILTER.numpy().astype(np.float32)

    def add_affine(name, features):
        add(name + ".affine.weight", features, LATENTS)
        add(name + ".affine.bias", features, spread=0.2, middle=1.0)

    def add_layer(name, inputs, outputs, scale):
        add(name + ".weight", outputs, inputs, 3, 3)
        add(name + ".noise_strength", spread=0.3)
        add(name + ".bias", outputs, spread=0.3)
        add_filter(name)
        add(name + ".noise_const", HEIGHT * scale, WIDTH * scale)
        add_affine(name, inputs)

    for scale in (1, 2, 4):
        block, out = f"G_ema.synthesis.b{4 * scale}", channels(4 * scale)
        if scale == 1:
            add(block + ".const", out, HEIGHT, WIDTH)
        add_filter(block)
        if scale > 1:
            add_layer(block + ".conv0", channels(2 * scale), out, scale)
        add_layer(block + ".conv1", out, out, scale)
        add(block + ".torgb.weight", 3, out, 1, 1)
        add(block + ".torgb.bias", 3, spread=0.3)
        add_affine(block + ".torgb", out)
    for i in range(2):
        add(f"G_ema.mapping.fc{i}.weight", LATENTS, LATENTS, spread=100)
        add(f"G_ema.mapping.fc{i}.bias", LATENTS, spread=30)
    add("G_ema.mapping.w_avg", LATENTS, spread=0.5)
    for resolution in (16, 8):
        block, wide, out = f"D.b{resolution}", channels(resolution), channels(resolution // 2)
        add_filter(block)
        if resolution == 16:
            add(block + ".fromrgb.weight", wide, 3, 1, 1)
            add(block + ".fromrgb.bias", wide, spread=0.3)
            add_filter(block + ".fromrgb")
        for name, outputs, kernel in (("conv0", wide, 3), ("conv1", out, 3), ("skip", out, 1)):
            add(f"{block}.{name}.weight", outputs, wide, kernel, kernel)
            if name != "skip":
                add(f"{block}.{name}.bias", outputs, spread=0.3)
            add_filter(f"{block}.{name}")
    add("D.b4.conv.weight", channels(4), channels(4) + 1, 3, 3)
    add("D.b4.conv.bias", channels(4), spread=0.3)
    add_filter("D.b4.conv")
    add("D.b4.fc.weight", channels(4), channels(4) * HEIGHT * WIDTH)
    add("D.b4.fc.bias", channels(4), spread=0.3)
    add("D.b4.out.weight", 1, channels(4))
    add("D.b4.out.bias", 1, spread=0.3)
    return tensors


def make(folder):
    random = np.random.RandomState(35)
    tensors = make_networks(random)
    height, width = HEIGHT * RESOLUTION // 4, WIDTH * RESOLUTION // 4
    shape = (3, height, width)
    inputs = {"z": random.randn(4, LATENTS), "c": np.zeros(0), "real": random.randn(4, *shape) / 2,
              "pl_noise": random.randn(2, *shape) / math.sqrt(height * width)}
    inputs = {k: v.astype(np.float32) for k, v in inputs.items()}
    write(folder + "/network.safetensors", tensors, {"config": json.dumps(CONFIG)})
    write(folder + "/expected.safetensors", compute(tensors, CONFIG, inputs), {})
    write(folder + "/seeds.safetensors", compute_seeds(tensors, CONFIG, (0, 1, 85)), {})


def check(folder):
    tensors, metadata = read(folder + "/network.safetensors")
    expected, _ = read(folder + "/expected.safetensors")
    inputs = {k: expected[k] for k in ("z", "c", "real", "pl_noise")}
    found = compute(tensors, json.loads(metadata["config"]), inputs)
    worst = 0.0
    for name, value in expected.items():
        if not name.endswith("uint8_nhwc"):
            scale = np.linalg.norm(value) + 1e-3
            worst = max(worst, np.linalg.norm(found[name] - value) / scale)
    print(f"{len(expected)} tensors, the largest relative difference {worst:.1e}")


if __name__ == "__main__":
    if sys.argv[1] == "--check":
        check(sys.argv[2])
    else:
        make(sys.argv[1])
