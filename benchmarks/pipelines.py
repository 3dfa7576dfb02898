"""Ways to read a plate, each in a process of its own: `python benchmarks/pipelines.py NAME THREADS`.

Takes a photograph's path on each line of standard input and answers with a line of JSON: what it
read, its milliseconds (opening the file is not counted), its resident size in MB. The first line
says that the networks are loaded. Photographs that cannot be opened have an `error`.
"""

import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from importlib import resources
from pathlib import Path

import installation  # noqa: F401 - puts the project on the path
import yaml

from benchmarks.figures import most_resident, resident
from gates.readers import weights
from gates.readers.paddle import Paddle
from gates.readers.photographs import NotAPhotograph, opened
from gates.rules.votes import vote
from parking.rules.plates import NotAPlate, canonical

# The steps of PaddleOCR's own detector and recogniser, as they are published with the weights.
NORMAL = {
    "mean": [0.485, 0.456, 0.406],
    "std": [0.229, 0.224, 0.225],
    "scale": "1./255.",
    "order": "hwc",
}
DETECTOR = {
    "PreProcess": {
        "transform_ops": [
            {"DetResizeForTest": {"resize_long": 960}},
            {"NormalizeImage": NORMAL},
            {"ToCHWImage": None},
        ]
    },
    "PostProcess": {
        "name": "DBPostProcess",
        "thresh": 0.3,
        "box_thresh": 0.6,
        "max_candidates": 1000,
        "unclip_ratio": 1.5,
    },
}
RECOGNISER = {"PreProcess": {"transform_ops": [{"RecResizeImg": {"image_shape": [3, 48, 320]}}]}}
LOOKS = ("coarse look", "fine look", "closer look")
STAGES = {"letters": "recognising"}
REST = "cutting, spelling, choosing"


class Stopwatch:
    """An engine that does what the given one does and writes down what each call took.

    `spent` is milliseconds by stage since `frame` was set, the picture that is being read.
    """

    def __init__(self, engine):
        self._engine = engine
        self.frame, self.spent = None, defaultdict(float)

    def start(self, frame):
        self.frame, self.spent = frame, defaultdict(float)

    def text_map(self, image, *more):
        whole = image is self.frame
        place = 2 if not whole else int(LOOKS[0] in self.spent)
        return self._timed(LOOKS[place], self._engine.text_map, image, *more)

    def __getattr__(self, name):
        part = getattr(self._engine, name)
        if not callable(part):
            return part
        stage = STAGES.get(name, name)
        return lambda *given, **named: self._timed(stage, part, *given, **named)

    def _timed(self, stage, part, *given, **named):
        began = time.perf_counter()
        try:
            return part(*given, **named)
        finally:
            self.spent[stage] += 1000 * (time.perf_counter() - began)


class Ticketless(Paddle):
    """Our reader with a stopwatch around its networks."""

    def __init__(self, threads):
        super().__init__(threads=threads)
        self._engine = Stopwatch(self._engine)

    def best(self, image):
        self._engine.start(image)
        began = time.perf_counter()
        reads = self.read(image)
        all_in_all = 1000 * (time.perf_counter() - began)
        stages = dict.fromkeys((*LOOKS, *STAGES.values()), 0.0) | self._engine.spent
        stages[REST] = all_in_all - sum(stages.values())
        if not reads:
            return {"stages": stages}
        best = vote([[reads[0]]])  # formats have the last word, as in manage.py read
        said = {"plate": best.plate, "confidence": best.confidence, "accepted": best.accepted}
        return said | {"stages": stages}


class PaddleOCR:
    """PaddleOCR's own pipeline with the same general weights, whole, and its own settings.

    The models that turn pages upright are left out: they would have to be fetched from a network.
    """

    def __init__(self, threads):
        os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
        import paddleocr

        self._folder = tempfile.TemporaryDirectory()
        detector, recogniser = _model_folders(Path(self._folder.name))
        self._pipeline = paddleocr.PaddleOCR(
            text_detection_model_name=detector.name,
            text_detection_model_dir=str(detector),
            text_recognition_model_name=recogniser.name,
            text_recognition_model_dir=str(recogniser),
            use_doc_orientation_classify=False,
            use_doc_unwarping=False,
            use_textline_orientation=False,
            engine="onnxruntime",
            engine_config={"intra_op_num_threads": threads, "inter_op_num_threads": 1},
        )

    def best(self, image):
        (page,) = self._pipeline.predict(image)
        return _largest(page["rec_polys"], page["rec_texts"], page["rec_scores"])


class RapidOCR:
    """RapidOCR's own pipeline, as it comes."""

    def __init__(self, threads):
        import rapidocr

        self._pipeline = rapidocr.RapidOCR(
            params={
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def best(self, image):
        page = self._pipeline(image)
        if page.boxes is None:
            return {}
        return _largest(page.boxes, page.txts, page.scores)


PIPELINES = {"ticketless": Ticketless, "paddleocr": PaddleOCR, "rapidocr": RapidOCR}


def _largest(outlines, texts, scores):
    """The text on the largest area that could be a plate at all: pages have no idea of plates."""
    import cv2
    import numpy as np

    found = []
    for outline, text, sure in zip(outlines, texts, scores, strict=True):
        try:
            area = cv2.contourArea(np.float32(outline))
            found.append((area, canonical(text), float(sure)))
        except NotAPlate:
            continue
    if not found:
        return {}
    _, plate, sure = max(found)
    return {"plate": plate, "confidence": sure}


def _model_folders(folder):
    """Both general models of the wheel as folders that PaddleOCR opens."""
    import onnx

    detector = folder / weights.DETECTOR["Global"]["model_name"]
    recogniser = folder / weights.RECOGNISER["Global"]["model_name"]
    wheel = resources.files("rapidocr") / "models"
    for target, name in ((detector, "PP-OCRv6_det_small"), (recogniser, "PP-OCRv6_rec_small")):
        target.mkdir()
        (target / "inference.onnx").write_bytes((wheel / f"{name}.onnx").read_bytes())
    entries = onnx.load(recogniser / "inference.onnx").metadata_props
    listed = next(entry.value for entry in entries if entry.key == "character").split("\n")
    spelling = {"PostProcess": {"name": "CTCLabelDecode", "character_dict": listed}}
    for target, steps in ((detector, DETECTOR), (recogniser, RECOGNISER | spelling)):
        config = {"Global": {"model_name": target.name}, **steps}
        (target / "inference.yml").write_text(yaml.safe_dump(config, allow_unicode=True))
    return detector, recogniser


def main():
    name, threads = sys.argv[1:]
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # the libraries print what they like
    pipeline = PIPELINES[name](int(threads))
    print(json.dumps({"resident": resident()}), file=answers)
    for line in sys.stdin:
        print(json.dumps(_answer(pipeline, line.strip())), file=answers)


def _answer(pipeline, path):
    try:
        image = opened(Path(path))
    except (NotAPhotograph, OSError) as fault:
        return {"error": str(fault), "resident": resident(), "most": most_resident()}
    began = time.perf_counter()
    said = pipeline.best(image)
    spent = 1000 * (time.perf_counter() - began)
    return {**said, "milliseconds": spent, "resident": resident(), "most": most_resident()}


if __name__ == "__main__":
    main()
