#!/usr/bin/env python3
"""Makes the cases in this folder: StyleGAN3 generators of unusual configurations, in NumPy.

Written from the paper (Karras et al. 2021, "Alias-Free Generative Adversarial Networks", section 3
and appendices A to F) in double precision, with SciPy's filter design. Values are stored as float32.
Run it with python3-numpy and python3-scipy; the tests read only what it has written.
"""

import json
import pathlib
import struct

import numpy as np
import scipy.signal
import scipy.special

FOLDER = pathlib.Path(__file__).resolve().parent

DEFAULTS = {
    "z_dim": 6,
    "c_dim": 0,
    "w_dim": 5,
    "img_resolution": 16,
    "img_channels": 3,
    "mapping_kwargs": {"num_layers": 2},
    "channel_base": 64,
    "channel_max": 6,
    "num_layers": 14,
    "num_critical": 2,
    "first_cutoff": 2.0,
    "first_stopband": 2.0**2.1,
    "last_stopband_rel": 2.0**0.3,
    "margin_size": 10,
    "output_scale": 0.25,
    "conv_kernel": 3,
    "filter_size": 6,
    "lrelu_upsampling": 2,
    "use_radial_filters": False,
    "conv_clamp": 256,
    "magnitude_ema_beta": 0.999,
}

CASES = {
    "conditional-clamped": {
        "c_dim": 3,
        "img_channels": 1,
        "num_layers": 5,
        "num_critical": 1,
        "margin_size": 3,
        "first_cutoff": 1.5,
        "first_stopband": 2.0**1.7,
        "output_scale": 0.5,
        "filter_size": 4,
        "conv_clamp": 0.7,
    },
    "radial-no-critical": {
        "img_resolution": 64,
        "channel_base": 128,
        "channel_max": 5,
        "num_layers": 6,
        "num_critical": 0,
        "margin_size": 5,
        "last_stopband_rel": 2.0**0.5,
        "conv_kernel": 1,
        "use_radial_filters": True,
        "conv_clamp": None,
    },
    "wide-kernel-upsampled-4": {
        "img_resolution": 32,
        "num_layers": 7,
        "num_critical": 3,
        "margin_size": 0,
        "first_cutoff": 4.0,
        "first_stopband": 6.5,
        "conv_kernel": 5,
        "lrelu_upsampling": 4,
        "use_radial_filters": True,
    },
}


def lowpass(taps, cutoff, width, rate, radial):
    """A filter of scipy.signal's design, or its radial counterpart; None for a single tap."""
    if taps == 1:
        return None
    if not radial:
        return scipy.signal.firwin(taps, cutoff, width=width, fs=rate)
    place = (np.arange(taps) - (taps - 1) / 2) / rate
    radius = np.hypot(*np.meshgrid(place, place))
    jinc = scipy.special.j1(2 * np.pi * cutoff * radius) / (np.pi * radius)
    beta = scipy.signal.kaiser_beta(scipy.signal.kaiser_atten(taps, width / (rate / 2)))
    window = np.kaiser(taps, beta)
    kernel = jinc * np.outer(window, window)
    return kernel / kernel.sum()


def signals(c):
    """Cutoff, half width, sampling rate, size and channels of every layer."""
    steps = c["num_layers"] - c["num_critical"]
    power = np.minimum(np.arange(c["num_layers"] + 1) / steps, 1)
    last = c["img_resolution"] / 2
    cutoffs = c["first_cutoff"] * (last / c["first_cutoff"]) ** power
    stopbands = c["first_stopband"] * (last * c["last_stopband_rel"] / c["first_stopband"]) ** power
    rates = 2 ** np.ceil(np.log2(np.minimum(stopbands * 2, c["img_resolution"])))
    sizes = rates + 2 * c["margin_size"]
    sizes[-2:] = c["img_resolution"]
    channels = np.rint(np.minimum(c["channel_base"] / 2 / cutoffs, c["channel_max"]))
    channels[-1] = c["img_channels"]
    widths = np.maximum(stopbands, rates / 2) - cutoffs
    return [
        dict(cutoff=a, half=b, rate=r, size=int(s), channels=int(k))
        for a, b, r, s, k in zip(cutoffs, widths, rates, sizes, channels)
    ]


def layers(c):
    """Every layer's name, shapes, factors, padding and filters."""
    made = []
    all_signals = signals(c)
    for i, out in enumerate(all_signals):
        inn = all_signals[max(i - 1, 0)]
        colours = i == c["num_layers"]
        critical = i >= c["num_layers"] - c["num_critical"]
        rate = max(inn["rate"], out["rate"]) * (1 if colours else c["lrelu_upsampling"])
        up, down = int(rate / inn["rate"]), int(rate / out["rate"])
        kernel = 1 if colours else c["conv_kernel"]
        up_taps = c["filter_size"] * up if up > 1 and not colours else 1
        down_taps = c["filter_size"] * down if down > 1 and not colours else 1
        total = (out["size"] - 1) * down + 1 - (inn["size"] + kernel - 1) * up + up_taps + down_taps - 2
        made.append(
            dict(
                name=f"synthesis.L{i}_{out['size']}_{out['channels']}",
                inn=inn,
                out=out,
                colours=colours,
                kernel=kernel,
                up=up,
                down=down,
                pads=((total + up) // 2, total - (total + up) // 2),
                up_filter=lowpass(up_taps, inn["cutoff"], 2 * inn["half"], rate, False),
                down_filter=lowpass(
                    down_taps, out["cutoff"], 2 * out["half"], rate,
                    c["use_radial_filters"] and not critical,
                ),
            )
        )
    return made


def weights(c, random):
    """Random tensors of a generator by their official names."""
    normal = lambda *shape: random.standard_normal(shape)
    t = {"mapping.w_avg": 0.3 * normal(c["w_dim"])}
    features = c["z_dim"]
    if c["c_dim"]:
        t["mapping.embed.weight"] = normal(c["w_dim"], c["c_dim"])
        t["mapping.embed.bias"] = normal(c["w_dim"])
        features += c["w_dim"]
    for i in range(c["mapping_kwargs"]["num_layers"]):
        t[f"mapping.fc{i}.weight"] = 100 * normal(c["w_dim"], features)
        t[f"mapping.fc{i}.bias"] = 30 * normal(c["w_dim"])
        features = c["w_dim"]
    first = signals(c)[0]
    n = first["channels"]
    t["synthesis.input.weight"] = normal(n, n)
    t["synthesis.input.transform"] = np.eye(3)
    t["synthesis.input.freqs"] = normal(n, 2) * first["cutoff"]
    t["synthesis.input.phases"] = random.random(n) - 0.5
    t["synthesis.input.affine.weight"] = 0.3 * normal(4, c["w_dim"])
    t["synthesis.input.affine.bias"] = np.array([1.0, 0.2, 0.1, -0.3])
    for layer in layers(c):
        inn, out, k = layer["inn"]["channels"], layer["out"]["channels"], layer["kernel"]
        t[layer["name"] + ".weight"] = normal(out, inn, k, k)
        t[layer["name"] + ".bias"] = 0.2 * normal(out)
        t[layer["name"] + ".magnitude_ema"] = np.array(0.5 + random.random())
        for kind in ("up_filter", "down_filter"):
            if layer[kind] is not None:
                t[f"{layer['name']}.{kind}"] = layer[kind]
        t[layer["name"] + ".affine.weight"] = normal(inn, c["w_dim"])
        t[layer["name"] + ".affine.bias"] = 1 + 0.2 * normal(inn)
    return {name: np.float32(value).astype(float) for name, value in t.items()}


def dense(t, name, x, rate=1.0):
    weight = t[name + ".weight"]
    return x @ weight.T * (rate / np.sqrt(weight.shape[1])) + t[name + ".bias"] * rate


def unit(x):
    return x / np.sqrt((x**2).mean(axis=1, keepdims=True) + 1e-8)


def mapping(c, t, z, labels):
    x = unit(z)
    if c["c_dim"]:
        x = np.concatenate([x, unit(dense(t, "mapping.embed", labels))], axis=1)
    for i in range(c["mapping_kwargs"]["num_layers"]):
        x = dense(t, f"mapping.fc{i}", x, 0.01)
        x = np.where(x < 0, 0.2 * x, x) * np.sqrt(2)
    return x


def matrix(a, b, c, d, x, y):
    return np.array([[a, b, x], [c, d, y], [0, 0, 1]])


def waves(c, t, w):
    """The input, [N, C, size, size]."""
    signal = signals(c)[0]
    size, rate = signal["size"], signal["rate"]
    place = (np.arange(size) + 0.5 - size / 2) / rate
    grid_x, grid_y = np.meshgrid(place, place)
    made = []
    for cosine, sine, x, y in dense(t, "synthesis.input.affine", w):
        length = np.hypot(cosine, sine)
        cosine, sine, x, y = cosine / length, sine / length, x / length, y / length
        whole = matrix(cosine, -sine, sine, cosine, 0, 0) @ matrix(1, 0, 0, 1, -x, -y)
        whole = whole @ t["synthesis.input.transform"]
        phases = t["synthesis.input.phases"] + t["synthesis.input.freqs"] @ whole[:2, 2]
        freqs = t["synthesis.input.freqs"] @ whole[:2, :2]
        fall = (np.hypot(*freqs.T) - signal["cutoff"]) / (rate / 2 - signal["cutoff"])
        angle = (
            freqs[:, 0, None, None] * grid_x + freqs[:, 1, None, None] * grid_y
            + phases[:, None, None]
        )
        features = np.sin(2 * np.pi * angle) * np.clip(1 - fall, 0, 1)[:, None, None]
        weight = t["synthesis.input.weight"]
        made.append(np.einsum("oc,chw->ohw", weight, features) / np.sqrt(weight.shape[0]))
    return np.array(made)


def correlate(x, weight):
    """Full correlation of [C, H, W] with [O, C, K, K]."""
    k = weight.shape[2]
    x = np.pad(x, ((0, 0), (k - 1, k - 1), (k - 1, k - 1)))
    height, width = x.shape[1] - k + 1, x.shape[2] - k + 1
    return sum(
        np.einsum("oc,chw->ohw", weight[:, :, i, j], x[:, i : i + height, j : j + width])
        for i in range(k)
        for j in range(k)
    )


def resample(x, kernel, up, pads, down):
    """Zeros between samples, padding or cropping, a filter, every down-th sample."""
    zeros = np.zeros((x.shape[0], x.shape[1] * up, x.shape[2] * up))
    zeros[:, ::up, ::up] = x
    before, after = (max(p, 0) for p in pads)
    x = np.pad(zeros, ((0, 0), (before, after), (before, after)))
    cut, end = max(-pads[0], 0), max(-pads[1], 0)
    x = x[:, cut : x.shape[1] - end, cut : x.shape[2] - end]
    if kernel is not None:
        kernel = np.outer(kernel, kernel) if kernel.ndim == 1 else kernel
        x = np.array([scipy.signal.convolve2d(channel, kernel, mode="valid") for channel in x])
    return x[:, ::down, ::down]


def run_layer(c, t, layer, x, w):
    weight, name = t[layer["name"] + ".weight"], layer["name"]
    styles = dense(t, name + ".affine", w)
    if layer["colours"]:
        styles = styles / np.sqrt(weight.shape[1])
    else:
        weight = weight / np.sqrt((weight**2).mean(axis=(1, 2, 3), keepdims=True))
        styles = styles / np.sqrt((styles**2).mean())
    results = []
    for sample, style in zip(x, styles):
        modulated = weight * style[None, :, None, None]
        if not layer["colours"]:
            power = (modulated**2).sum(axis=(1, 2, 3), keepdims=True)
            modulated = modulated / np.sqrt(power + 1e-8)
        y = correlate(sample, modulated / np.sqrt(t[name + ".magnitude_ema"]))
        y = y + t[name + ".bias"][:, None, None]
        y = resample(y, t.get(name + ".up_filter"), layer["up"], layer["pads"], 1) * layer["up"] ** 2
        if not layer["colours"]:
            y = np.where(y < 0, 0.2 * y, y) * np.sqrt(2)
        if c["conv_clamp"] is not None:
            y = np.clip(y, -c["conv_clamp"], c["conv_clamp"])
        results.append(resample(y, t.get(name + ".down_filter"), 1, (0, 0), layer["down"]))
    return np.array(results)


def synthesis(c, t, ws):
    x = waves(c, t, ws[:, 0])
    for i, layer in enumerate(layers(c)):
        x = run_layer(c, t, layer, x, ws[:, i + 1])
    return x * c["output_scale"]


def write_safetensors(path, tensors, metadata=None):
    header, blob = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, value in tensors.items():
        data = np.asarray(value, dtype="<f4", order="C")
        header[name] = {
            "dtype": "F32",
            "shape": list(data.shape),
            "data_offsets": [len(blob), len(blob) + data.nbytes],
        }
        blob += data.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + blob)


def make_case(name, changes, seed):
    c = {**DEFAULTS, **changes}
    random = np.random.RandomState(seed)
    t = weights(c, random)
    z = np.float32(random.standard_normal((2, c["z_dim"]))).astype(float)
    labels = np.eye(max(c["c_dim"], 1))[[1, 0]][:, : c["c_dim"]] if c["c_dim"] else np.zeros((0,))
    ws = np.repeat(mapping(c, t, z, labels)[:, None], c["num_layers"] + 2, axis=1)
    average = t["mapping.w_avg"]
    expected = {"z": z, "c": labels, "ws": ws, "img": synthesis(c, t, ws)}
    expected["ws_psi0.5"] = average + 0.5 * (ws - average)
    expected["img_psi0.5"] = synthesis(c, t, expected["ws_psi0.5"])
    mixed = ws.copy()
    mixed[:, 3:] = ws[::-1, 3:]
    expected["img_mix3"] = synthesis(c, t, mixed)
    angle = np.deg2rad(20)
    turn = matrix(np.cos(angle), np.sin(angle), -np.sin(angle), np.cos(angle), 0, 0)
    inverse = np.linalg.inv(turn @ matrix(1, 0, 0, 1, 0.07, -0.2))
    moved = {**t, "synthesis.input.transform": np.float32(inverse).astype(float)}
    expected["transform_inverse"] = inverse
    expected["img_rotate20_translate0.07_-0.2"] = synthesis(c, moved, ws)
    config = {"G_ema": {"class_name": "Generator", "init_kwargs": c}}
    folder = FOLDER / name
    folder.mkdir(exist_ok=True)
    named = {"G_ema." + key: value for key, value in t.items()}
    write_safetensors(folder / "network.safetensors", named, {"config": json.dumps(config)})
    write_safetensors(folder / "expected.safetensors", expected)


def main():
    for seed, (name, changes) in enumerate(CASES.items()):
        make_case(name, changes, seed)


if __name__ == "__main__":
    main()
