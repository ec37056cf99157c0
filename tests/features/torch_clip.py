#!/usr/bin/env python3
"""CLIP as plain PyTorch computes it, to compare values and speed with.

Usage:
  torch_clip.py check FOLDER CLIP_VALUES
      writes the weights of FOLDER/weights.safetensors in the containers of published files, and
      compares the features that CLIP_VALUES computes from each with PyTorch's; ends with status 1
      beyond a relative error of 1e-4
  torch_clip.py bench FOLDER CLIP_VALUES [--threads N] [--rounds N] [--batch N]
      measures CLIP_VALUES and PyTorch in turn and prints the ratios of the times of the image tower

FOLDER holds what `CLIP_VALUES write FOLDER` wrote. Needs python3-torch.
"""

import argparse
import json
import pathlib
import struct
import subprocess
import sys
import time

import numpy
import torch
import torch.nn.functional as F

from torch_files import Holder, read_safetensors

WIDTH = {"visual.": 768, "": 512}
CONTEXT = 77


def write_safetensors(path, tensors):
    header, offset = {}, 0
    for name, tensor in tensors.items():
        size = tensor.numel() * 4
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(tensor.contiguous().numpy().tobytes())


class Clip:
    def __init__(self, weights, exact=False):
        self.w = weights
        self.exact = exact

    def norm(self, x, name):
        return F.layer_norm(x, x.shape[-1:], self.w[name + ".weight"], self.w[name + ".bias"])

    def linear(self, x, name):
        return F.linear(x, self.w[name + ".weight"], self.w[name + ".bias"])

    def block(self, x, name, mask):
        n, tokens, width = x.shape
        attn = name + ".attn."
        qkv = F.linear(self.norm(x, name + ".ln_1"), self.w[attn + "in_proj_weight"], self.w[attn + "in_proj_bias"])
        q, k, v = qkv.view(n, tokens, 3, width // 64, 64).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-1, -2) / 8
        if mask is not None:
            scores = scores + mask
        heads = (scores.softmax(-1) @ v).transpose(1, 2).reshape(n, tokens, width)
        x = x + self.linear(heads, attn + "out_proj")
        hidden = self.linear(self.norm(x, name + ".ln_2"), name + ".mlp.c_fc")
        hidden = F.gelu(hidden) if self.exact else hidden * torch.sigmoid(1.702 * hidden)
        return x + self.linear(hidden, name + ".mlp.c_proj")

    def blocks(self, x, tower, mask=None):
        for i in range(12):
            x = self.block(x, f"{tower}transformer.resblocks.{i}", mask)
        return x

    def image(self, x):
        x = F.conv2d(x, self.w["visual.conv1.weight"], stride=32).flatten(2).transpose(1, 2)
        first = self.w["visual.class_embedding"].expand(len(x), 1, -1)
        x = self.norm(torch.cat([first, x], 1) + self.w["visual.positional_embedding"], "visual.ln_pre")
        return self.norm(self.blocks(x, "visual.")[:, 0], "visual.ln_post") @ self.w["visual.proj"]

    def text(self, tokens):
        mask = torch.full((CONTEXT, CONTEXT), -torch.inf).triu(1)
        x = self.w["token_embedding.weight"][tokens] + self.w["positional_embedding"]
        x = self.norm(self.blocks(x, "", mask), "ln_final")
        return x[torch.arange(len(x)), tokens.argmax(-1)] @ self.w["text_projection"]


def hugging_face(state):
    """The same weights under Hugging Face's names."""
    pieces = [("visual.transformer.resblocks.", "vision_model.encoder.layers."), ("visual.class_embedding", "vision_model.embeddings.class_embedding"),
              ("visual.conv1", "vision_model.embeddings.patch_embedding"), ("visual.positional_embedding", "vision_model.embeddings.position_embedding.weight"),
              ("visual.ln_pre", "vision_model.pre_layrnorm"), ("visual.ln_post", "vision_model.post_layernorm"), ("visual.proj", "visual_projection.weight"),
              ("transformer.resblocks.", "text_model.encoder.layers."), ("token_embedding", "text_model.embeddings.token_embedding"),
              ("positional_embedding", "text_model.embeddings.position_embedding.weight"), ("ln_final", "text_model.final_layer_norm"), ("text_projection", "text_projection.weight")]
    layers = [(".attn.", ".self_attn."), (".ln_1.", ".layer_norm1."), (".ln_2.", ".layer_norm2."), (".mlp.c_fc.", ".mlp.fc1."), (".mlp.c_proj.", ".mlp.fc2.")]
    out = {}
    for name, value in state.items():
        new = name
        for old, other in pieces:
            if new.startswith(old):
                new = other + new[len(old):]
                break
        for old, other in layers:
            new = new.replace(old, other)
        if "in_proj_" in new:
            for letter, part in zip("qkv", value.chunk(3)):
                out[new.replace("in_proj_", f"{letter}_proj.")] = part
        else:
            out[new] = value.T if name in ("visual.proj", "text_projection") else value
    return out


def containers(folder, state):
    """(path, weights, exact) of each published container."""
    halves = {name: value.half() for name, value in state.items()}
    rounded = {name: value.float() for name, value in halves.items()}
    yield folder / "weights.safetensors", state, False
    holder = Holder()
    for name, value in halves.items():
        holder.put(name, value)
    for name, value in (("input_resolution", 224), ("context_length", 77), ("vocab_size", 49408)):
        holder.put(name, torch.tensor(value))
    torch.jit.script(holder).save(str(folder / "ViT-B-32.pt"))
    yield folder / "ViT-B-32.pt", rounded, False
    torch.save(state, folder / "state.pt")
    yield folder / "state.pt", state, False
    torch.save({"epoch": 1, "name": "x", "state_dict": {f"module.{n}": v for n, v in state.items()}}, folder / "open_clip_pytorch_model.bin")
    yield folder / "open_clip_pytorch_model.bin", state, True
    write_safetensors(folder / "model.safetensors", hugging_face(state))
    yield folder / "model.safetensors", state, False


def read_inputs(folder):
    pictures = torch.from_numpy(numpy.fromfile(folder / "pictures", "<f4").reshape(-1, 3, 224, 224))
    tokens = torch.from_numpy(numpy.fromfile(folder / "tokens", "<i4").reshape(-1, CONTEXT).astype("i8"))
    return pictures, tokens


def check(arguments):
    folder = pathlib.Path(arguments.folder)
    pictures, tokens = read_inputs(folder)
    bad = False
    for path, weights, exact in containers(folder, read_safetensors(folder / "weights.safetensors")):
        subprocess.run([arguments.program, "values", folder, path], check=True)
        network = Clip(weights, exact)
        with torch.no_grad():
            theirs = {"image": network.image(pictures).numpy(), "text": network.text(tokens).numpy()}
        errors = []
        for kind, values in theirs.items():
            found = numpy.fromfile(folder / kind, "<f4").reshape(values.shape)
            errors.append((numpy.linalg.norm(found - values, axis=1) / numpy.linalg.norm(values, axis=1)).max())
        print(f"clip: {path.name}: relative error of features {errors[0]:.2e} of pictures, {errors[1]:.2e} of texts", flush=True)
        bad = bad or not max(errors) < 1e-4
        if path.name != "weights.safetensors":
            path.unlink()
    return bad


def bench(arguments):
    folder = pathlib.Path(arguments.folder)
    torch.set_num_threads(arguments.threads)
    network = Clip(read_safetensors(folder / "weights.safetensors"))
    pictures = read_inputs(folder)[0][: arguments.batch]
    ratios = []
    for _ in range(arguments.rounds):
        line = [arguments.program, "time", folder, folder / "weights.safetensors", str(arguments.batch), str(arguments.threads)]
        ours = float(subprocess.run(line, check=True, capture_output=True, text=True).stdout)
        times = []
        with torch.no_grad():
            for _ in range(3):
                start = time.perf_counter()
                network.image(pictures)
                times.append(time.perf_counter() - start)
        ratios.append(ours / min(times))
        print(f"clip: {1e3 * ours:.0f} ms for {arguments.batch} pictures, PyTorch {1e3 * min(times):.0f} ms, ratio {ratios[-1]:.2f}", flush=True)
    print(f"clip: median ratio {numpy.median(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f}")
    return not numpy.median(ratios) <= 0.5


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("check", "bench"):
        one = commands.add_parser(name)
        one.add_argument("folder")
        one.add_argument("program")
    one.add_argument("--threads", type=int, default=1)
    one.add_argument("--rounds", type=int, default=3)
    one.add_argument("--batch", type=int, default=8)
    arguments = parser.parse_args()
    return {"check": check, "bench": bench}[arguments.command](arguments)


sys.exit(main())
