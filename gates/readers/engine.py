"""PaddleOCR's engine on ONNX Runtime: a picture goes in, numbers come out.

Only the networks run here. What is done with their answers is the business of `areas`, `letters` and
`choice`: PaddleOCR's own steps around the networks are made for pages of text.
"""

import os
from importlib import metadata

import cv2
import numpy as np
import onnxruntime

from gates.readers import weights

MEAN = np.array([0.485, 0.456, 0.406], np.float32) * 255
SPREAD = np.array([0.229, 0.224, 0.225], np.float32) * 255
STEP = 32  # the detector wants sides that are multiples of this


class Engine:
    """Both networks, loaded and warm.

    `threads` is the number of cores one reading may use, `models` the folder for prepared weights,
    `letters` names the recogniser's weights: `weights.OURS` or `weights.GENERAL`.
    """

    def __init__(self, threads=1, models=None, letters=weights.OURS):
        paddleocr = metadata.version("paddleocr")
        self.version = f"PaddleOCR {paddleocr}, PP-OCRv6 small, {letters} letters, ONNX Runtime"
        self._detector = _runner("TextDetection", weights.detector(models), threads)
        self._recogniser = _runner("TextRecognition", weights.recogniser(models, letters), threads)
        self._to_plate = _plate_columns(self._recogniser.config["PostProcess"]["character_dict"])
        self.text_map(np.zeros((64, 64, 3), np.uint8), 64)
        self.letters(np.zeros((1, 48, 192, 3), np.uint8))

    def text_map(self, image, side):
        """How much each spot of a BGR picture looks like text.

        The picture is scaled so that its longer side has `side` pixels. Returns the map (float32,
        0..1) and its scale as (across, down), map pixels per picture pixel.
        """
        height, width = image.shape[:2]
        scale = side / max(height, width)
        across, down = (max(STEP, round(n * scale / STEP) * STEP) for n in (width, height))
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        small = cv2.resize(image, (across, down), interpolation=method).astype(np.float32)
        planes = ((small - MEAN) / SPREAD).transpose(2, 0, 1)
        found = self._detector.runner(x=[planes[None]])[0]
        return found[0, 0], (across / width, down / height)

    def letters(self, crops):
        """What the recogniser sees in crops of one size: count x height x width x 3, BGR uint8.

        Returns probabilities, count x time x 37: no letter, then 0-9, then A-Z.
        """
        planes = (crops.astype(np.float32) / 127.5 - 1).transpose(0, 3, 1, 2)
        return self._recogniser.runner(x=[planes])[0] @ self._to_plate

    def close(self):
        """Let go of both networks."""
        self._detector.close()
        self._recogniser.close()


def _runner(kind, folder, threads):
    # PaddleX looks for its model hosts when it is imported; a lane box may have no network at all.
    os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
    import paddleocr

    config = {"TextDetection": weights.DETECTOR, "TextRecognition": weights.RECOGNISER}[kind]
    options = {
        "intra_op_num_threads": threads,
        "inter_op_num_threads": 1,
        # The arena keeps what the largest picture of each shape took: 200 MB for nothing.
        "enable_cpu_mem_arena": False,
    }
    try:
        model = getattr(paddleocr, kind)(
            model_name=config["Global"]["model_name"],
            model_dir=str(folder),
            engine="onnxruntime",
            engine_config=options,
        )
    except Exception as fault:  # ONNX Runtime's own kinds have no other ancestor
        raise weights.NoWeights(
            f"the reader's weights in {folder} cannot be loaded ({fault}): remove that folder; if it "
            "stays so, take the weights from the repository again."
        ) from fault
    return _patient(model.paddlex_predictor)


def _patient(predictor):
    """The same network whose threads sleep when they have nothing to do.

    Each network has threads of its own. By ONNX Runtime's default those of the one would spin while the
    other works and take its cores: on two cores a photograph takes half as long again. PaddleX passes
    no such setting on, so the session is made once more.
    """
    runner = predictor.runner
    options = runner._build_session_options()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    path = str(runner._get_model_path())
    runner.session = onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])
    return predictor


def _plate_columns(characters):
    """The matrix that takes the recogniser's classes to those of a plate.

    A small letter counts as its capital. Every mark counts as no letter: that is what it is to a
    plate, and its probability is then not handed to the letters.
    """
    matrix = np.zeros((1 + len(characters), 1 + len(weights.PLATE_LETTERS)), np.float32)
    matrix[0, 0] = 1
    for row, character in enumerate(characters, 1):
        matrix[row, weights.PLATE_LETTERS.find(character.upper()) + 1] = 1
    return matrix
