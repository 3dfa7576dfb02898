"""The general recogniser as a PyTorch module, and back to ONNX.

The graph of PaddleOCR's PP-OCRv6 small recogniser is walked node by node with PyTorch's operators, so
that its weights can be trained on. Its last layer is cut down to the letters of a plate.
"""

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import nn

from gates.readers.weights import PLATE_LETTERS, general_recogniser, known_characters
from training.operators import OPERATORS

HEAD = "linear_8"  # how the names of the last layer's weights begin
FEW = 64  # weights of a tensor that is not worth storing in 16 bits


class Recogniser(nn.Module):
    """Crops in (count x 3 x 48 x 192, -1..1), logits out (count x time x 37).

    The classes are no letter, then 0-9, then A-Z. The softmax is left to the loss; an exported file
    has it.
    """

    def __init__(self):
        super().__init__()
        self.model = _for_plates(onnx.load_from_string(general_recogniser()))
        graph = self.model.graph
        self._fixed = _constants(graph)  # ONNX name -> tensor that no training changes
        self._ours = {}  # ONNX name -> name of the parameter here
        for number, tensor in enumerate(graph.initializer):
            self._take(tensor, f"w{number}")
        self._freeze_statistics()
        self._steps = [_Step(node) for node in graph.node[:-1] if node.op_type != "Constant"]

    def forward(self, crops):
        """The logits of these crops."""
        known = self._fixed | dict(self.named_weights())
        known[self.model.graph.input[0].name] = crops
        for step in self._steps:
            step(known)
        return known[self._steps[-1].output]

    def named_weights(self):
        """(name in the ONNX file, parameter) of all weights."""
        return [(name, getattr(self, ours)) for name, ours in self._ours.items()]

    def head(self):
        """The parameters of the last layer, which had other classes before."""
        return [weight for name, weight in self.named_weights() if name.startswith(HEAD)]

    def body(self):
        """All other parameters that can be learnt."""
        return [
            weight
            for name, weight in self.named_weights()
            if weight.requires_grad and not name.startswith(HEAD)
        ]

    def exported(self):
        """The ONNX model with the present weights, stored in 16 bits and cast back when loaded."""
        model = onnx.ModelProto()
        model.CopyFrom(self.model)
        weights = {name: weight.detach().numpy() for name, weight in self.named_weights()}
        stored = [tensor for tensor in model.graph.initializer if tensor.name in weights]
        casts = [_store(tensor, weights[tensor.name]) for tensor in stored]
        nodes = [*filter(None, casts), *model.graph.node]
        del model.graph.node[:]
        model.graph.node.extend(nodes)
        onnx.checker.check_model(model)
        return model

    def _take(self, tensor, ours):
        value = _torch(tensor)
        if value.dtype == torch.float32 and value.dim() and value.numel() > 1:
            self._ours[tensor.name] = ours
            self.register_parameter(ours, nn.Parameter(value))
        else:
            self._fixed[tensor.name] = value

    def _freeze_statistics(self):
        """A batch norm's mean and variance are measured, not learnt."""
        norms = (node for node in self.model.graph.node if node.op_type == "BatchNormalization")
        for name in (name for node in norms for name in node.input[3:]):
            getattr(self, self._ours[name]).requires_grad_(False)


class _Step:
    """One node of the graph, its attributes unpacked once; called with all tensors known so far."""

    def __init__(self, node):
        self.inputs, self.output = list(node.input), node.output[0]
        self._attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        self._operator = OPERATORS[node.op_type]

    def __call__(self, known):
        values = [known[name] if name else None for name in self.inputs]
        known[self.output] = self._operator(*values, **self._attributes)


def _for_plates(model):
    """The model with only the classes of a plate in its last layer, and no shapes that say otherwise."""
    known = known_characters(model)
    columns = [0, *(known.index(c) for c in PLATE_LETTERS)]
    for tensor in model.graph.initializer:
        if tensor.dims and tensor.dims[-1] == len(known):
            cut = numpy_helper.to_array(tensor)[..., columns].copy()
            tensor.CopyFrom(numpy_helper.from_array(cut, tensor.name))
    del model.graph.value_info[:]
    shape = model.graph.output[0].type.tensor_type.shape
    shape.dim[-1].ClearField("dim_param")
    shape.dim[-1].dim_value = len(columns)
    del model.metadata_props[:]
    return model


def _constants(graph):
    nodes = [node for node in graph.node if node.op_type == "Constant"]
    return {node.output[0]: _torch(node.attribute[0].t) for node in nodes}


def _torch(tensor):
    return torch.from_numpy(numpy_helper.to_array(tensor).copy())


def _store(tensor, value):
    """Puts a weight into the file; returns the node that casts it back, if one is needed."""
    if value.size < FEW:
        tensor.CopyFrom(numpy_helper.from_array(value, tensor.name))
        return None
    name, half = tensor.name, f"{tensor.name}.half"
    tensor.CopyFrom(numpy_helper.from_array(value.astype(np.float16), half))
    return helper.make_node("Cast", [half], [name], to=onnx.TensorProto.FLOAT)
