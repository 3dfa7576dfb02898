"""The networks' weights, made ready for PaddleOCR's engine: no download, no network.

The engine wants a folder that holds `inference.onnx` and `inference.yml`; such a folder is written
once into a cache. The text detector is PaddleOCR's PP-OCRv6 small, from the wheel of rapidocr. There
are two recognisers: our own, `plate-letters.onnx` beside this file (`training/` made it), and the
general one from the same wheel. The last layer of the general one knows 18,710 characters. A plate
needs few of them, and the rest costs half of the time, so only the columns of `ALPHABET` are kept.
"""

import contextlib
import hashlib
import os
import shutil
import string
import tempfile
from importlib import metadata, resources
from pathlib import Path

import yaml

PLATE_LETTERS = string.digits + string.ascii_uppercase
# Separators, seals and bands have to be read as themselves: without these columns their probability
# falls on letters, and one plate in five gains a character that is not there.
MARKS = string.ascii_lowercase + string.punctuation + "·°²~–—•|ÄÖÜ "
ALPHABET = PLATE_LETTERS + "".join(dict.fromkeys(c for c in MARKS if c not in PLATE_LETTERS))

DETECTOR = {
    "Global": {"model_name": "PP-OCRv6_small_det"},
    "PreProcess": {
        "transform_ops": [
            {"DetResizeForTest": {"resize_long": 960}},
            {"NormalizeImage": {}},
            {"ToCHWImage": None},
        ]
    },
    "PostProcess": {"name": "DBPostProcess", "thresh": 0.3, "box_thresh": 0.5, "unclip_ratio": 1.6},
}
RECOGNISER = {
    "Global": {"model_name": "PP-OCRv6_small_rec"},
    "PreProcess": {"transform_ops": [{"RecResizeImg": {"image_shape": [3, 48, 192]}}]},
}
OURS, GENERAL = "plates", "general"
PLATE_RECOGNISER = Path(__file__).with_name("plate-letters.onnx")


class NoWeights(RuntimeError):  # noqa: N818
    """The weights cannot be made ready; the message says what to do."""


def models_folder():
    """Where prepared weights are kept: $TICKETLESS_MODELS, else var/models."""
    return Path(os.environ.get("TICKETLESS_MODELS") or "var/models")


def detector(folder=None):
    """The model folder of the text detector, written on first use. Raises `NoWeights`."""
    return _prepared("text-areas", folder, DETECTOR, _copy_detector)


def recogniser(folder=None, letters=OURS):
    """The model folder of a recogniser (`OURS` or `GENERAL`), written on first use.

    Raises ValueError for other `letters`, and `NoWeights`.
    """
    if letters not in RECOGNISERS:
        raise ValueError(f"no letters '{letters}'; there are: {', '.join(sorted(RECOGNISERS))}")
    name, write = RECOGNISERS[letters]
    return _prepared(name, folder, RECOGNISER, write)


def _prepared(name, folder, config, write):
    folder = Path(folder or models_folder())
    target = folder / f"{name}-{_fingerprint(config)}"
    if not (target / "inference.yml").exists():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write_whole(target, config, write)
        except OSError as error:
            raise NoWeights(
                f"the reader's weights cannot be written to {folder} ({error.strerror}): "
                "set TICKETLESS_MODELS to a folder that can be written."
            ) from error
    return target


def _fingerprint(config):
    made_from = f"{metadata.version('rapidocr')} {ALPHABET} {config}".encode()
    return hashlib.sha256(made_from + _plate_recogniser()).hexdigest()[:12]


def _plate_recogniser():
    try:
        return PLATE_RECOGNISER.read_bytes()
    except OSError as error:
        raise NoWeights(
            f"the recogniser's weights {PLATE_RECOGNISER} cannot be read ({error.strerror}): take them "
            "from the repository again, or make them with python -m training."
        ) from error


def _write_whole(target, config, write):
    """Fill a folder beside `target` and rename it: another process sees all of it or nothing."""
    unfinished = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
    try:
        config = write(unfinished / "inference.onnx", config)
        (unfinished / "inference.yml").write_text(yaml.safe_dump(config, allow_unicode=True))
        for file in unfinished.iterdir():
            _to_disk(file)
        unfinished.chmod(0o755)
        # The other process was faster when the target is there: its folder is as good as ours.
        with contextlib.suppress(FileExistsError, OSError):
            unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    if not (target / "inference.yml").exists():
        raise OSError(0, "the folder could not be renamed into place")


def _to_disk(file):
    with file.open("rb+") as written:
        os.fsync(written.fileno())


def _wheel_file(name):
    try:
        return resources.files("rapidocr") / "models" / name
    except ModuleNotFoundError as error:
        raise NoWeights(
            "the reader's weights come with the package rapidocr, which is not installed: "
            "pip install -r requirements-lane.txt"
        ) from error


def general_recogniser():
    """The general recogniser's ONNX file as bytes, all its 18,710 classes. Raises `NoWeights`."""
    return _wheel_file("PP-OCRv6_rec_small.onnx").read_bytes()


def _copy_detector(file, config):
    file.write_bytes(_wheel_file("PP-OCRv6_det_small.onnx").read_bytes())
    return config


def _copy_plate_recogniser(file, config):
    file.write_bytes(_plate_recogniser())
    return config | _classes(PLATE_LETTERS)


def _cut_recogniser(file, config):
    # Needed this once: a lane that finds its weights prepared never loads it.
    import onnx

    model = onnx.load_from_string(general_recogniser())
    known = known_characters(model)
    kept = [c for c in ALPHABET if c in known]
    columns = [0, *(known.index(c) for c in kept)]
    for tensor in model.graph.initializer:
        if tensor.dims and tensor.dims[-1] == len(known):
            _keep_columns(tensor, columns)
    # Shapes written down for the whole alphabet would contradict the cut ones.
    del model.graph.value_info[:]
    del model.graph.output[0].type.tensor_type.shape.dim[-1:]
    model.graph.output[0].type.tensor_type.shape.dim.add().dim_value = len(columns)
    onnx.save(model, str(file))
    return config | _classes(kept)


def _classes(characters):
    return {"PostProcess": {"name": "CTCLabelDecode", "character_dict": list(characters)}}


def known_characters(model):
    """The recogniser's classes in order: blank, the characters of its metadata, the space."""
    listed = next(entry.value for entry in model.metadata_props if entry.key == "character")
    return ["blank", *listed.split("\n"), " "]


def _keep_columns(tensor, columns):
    from onnx import numpy_helper

    cut = numpy_helper.to_array(tensor)[..., columns].copy()
    tensor.CopyFrom(numpy_helper.from_array(cut, tensor.name))


RECOGNISERS = {
    OURS: ("plate-letters", _copy_plate_recogniser),
    GENERAL: ("general-letters", _cut_recogniser),
}
