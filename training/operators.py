"""The operators of the recogniser's ONNX graph, in PyTorch.

Only what that graph uses, and only as it uses it: names of parameters are those of ONNX's attributes.
Each takes its node's inputs and attributes and gives the node's one output.
"""

import torch
from torch.nn import functional

SAME = b"SAME_UPPER"  # padded so that the output has the size of the input, where strides are 1


def _padding(x, kernel_shape, pads, auto_pad):
    """The input and the padding (down, across) that is left to the operator itself."""
    if auto_pad != SAME:
        return x, tuple(pads[:2])
    down, across = (size - 1 for size in kernel_shape)
    sides = (across // 2, across - across // 2, down // 2, down - down // 2)
    return functional.pad(x, sides), (0, 0)


def _conv(
    x, weight, bias=None, *, strides, group, dilations, kernel_shape, pads=(0, 0), auto_pad=b""
):
    x, pads = _padding(x, kernel_shape, pads, auto_pad)
    return functional.conv2d(x, weight, bias, strides, pads, dilations, group)


def _max_pool(x, *, kernel_shape, strides, pads=(0, 0), ceil_mode=0, auto_pad=b"", **rest):
    x, pads = _padding(x, kernel_shape, pads, auto_pad)
    return functional.max_pool2d(x, kernel_shape, strides, pads, ceil_mode=bool(ceil_mode))


def _average_pool(x, *, kernel_shape, strides, pads=(0, 0), ceil_mode=0, auto_pad=b"", **rest):
    x, pads = _padding(x, kernel_shape, pads, auto_pad)
    return functional.avg_pool2d(
        x, kernel_shape, strides, pads, ceil_mode=bool(ceil_mode), count_include_pad=False
    )


def _norm(x, scale, bias, mean, variance, *, epsilon=1e-5, **rest):
    return functional.batch_norm(x, mean, variance, scale, bias, False, 0.0, epsilon)


def _slice(x, starts, ends, axes, steps=None):
    """Every slice of this graph has steps of one."""
    for axis, start, end in zip(axes.tolist(), starts.tolist(), ends.tolist(), strict=True):
        x = x[(slice(None),) * axis + (slice(start, end),)]
    return x


def _reshape(x, shape, **rest):
    """A size of 0 stays as it is."""
    return x.reshape([x.shape[i] if size == 0 else size for i, size in enumerate(shape.tolist())])


def _squeeze(x, *, axes):
    for axis in sorted(axes, reverse=True):
        x = x.squeeze(axis)
    return x


def _unsqueeze(x, *, axes):
    for axis in sorted(axes):
        x = x.unsqueeze(axis)
    return x


OPERATORS = {
    "Add": torch.add,
    "AveragePool": _average_pool,
    "BatchNormalization": _norm,
    "Concat": lambda *parts, axis: torch.cat(parts, axis),
    "Conv": _conv,
    "Div": torch.div,
    "Erf": torch.erf,
    "HardSigmoid": lambda x, alpha=0.2, beta=0.5: torch.clamp(alpha * x + beta, 0, 1),
    "Identity": lambda x: x,
    "MatMul": torch.matmul,
    "MaxPool": _max_pool,
    "Mul": torch.mul,
    "Pow": torch.pow,
    "ReduceMean": lambda x, axes, keepdims=1: x.mean(axes, keepdim=bool(keepdims)),
    "Relu": torch.relu,
    "Reshape": _reshape,
    "Shape": lambda x: torch.tensor(x.shape),
    "Sigmoid": torch.sigmoid,
    "Slice": _slice,
    "Softmax": lambda x, axis: torch.softmax(x, axis),
    "Sqrt": torch.sqrt,
    "Squeeze": _squeeze,
    "Sub": torch.sub,
    "Transpose": lambda x, perm: x.permute(perm),
    "Unsqueeze": _unsqueeze,
}
