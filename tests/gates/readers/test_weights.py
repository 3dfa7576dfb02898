from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
import yaml

from gates.readers import weights
from gates.readers.engine import Engine
from gates.readers.weights import NoWeights


def test_prepared_once_and_found_again(tmp_path):
    folder = weights.recogniser(tmp_path)
    made = (folder / "inference.onnx").stat().st_mtime_ns
    assert weights.recogniser(tmp_path) == folder
    assert (folder / "inference.onnx").stat().st_mtime_ns == made
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def characters(tmp_path, letters):
    folder = weights.recogniser(tmp_path, letters)
    told = yaml.safe_load((folder / "inference.yml").read_text())
    return "".join(told["PostProcess"]["character_dict"])


def test_our_recogniser_knows_the_letters_of_a_plate_alone(tmp_path):
    assert characters(tmp_path, weights.OURS) == weights.PLATE_LETTERS


def test_the_general_one_knows_marks_as_well(tmp_path):
    known = characters(tmp_path, weights.GENERAL)
    assert known[:36] == weights.PLATE_LETTERS
    assert len(known) == len(set(known)) == 104


def test_other_letters_are_refused_with_the_choices(tmp_path):
    with pytest.raises(ValueError, match="no letters 'fancy'; there are: general, plates"):
        weights.recogniser(tmp_path, "fancy")


def test_our_weights_are_small_enough_for_the_repository():
    assert weights.PLATE_RECOGNISER.stat().st_size < 12_000_000


def test_two_processes_at_once_prepare_one_whole_folder(tmp_path):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        folders = set(pool.map(weights.detector, [tmp_path, tmp_path]))
    (folder,) = folders
    assert sorted(path.name for path in folder.iterdir()) == ["inference.onnx", "inference.yml"]
    assert list(tmp_path.iterdir()) == [folder]


def test_a_half_made_folder_of_a_killed_process_is_no_hindrance(tmp_path):
    name = weights.detector(tmp_path).name
    other = tmp_path / "other"
    (other / f"{name}.abandoned").mkdir(parents=True)
    assert (weights.detector(other) / "inference.yml").exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NoWeights, match="set TICKETLESS_MODELS to a folder that can be written"):
        weights.detector(tmp_path / "file" / "models")


def test_the_environment_says_where_they_are_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("TICKETLESS_MODELS", str(tmp_path))
    assert weights.models_folder() == tmp_path


def test_marks_count_as_no_letter():
    seen = Engine(letters=weights.GENERAL).letters(np.zeros((2, 48, 192, 3), np.uint8))
    assert seen.shape == (2, 24, 37)
    assert seen.sum(2) == pytest.approx(1, abs=1e-4)


def test_weights_that_are_damaged_are_said(tmp_path):
    folder = weights.recogniser(tmp_path)
    (folder / "inference.onnx").write_bytes(b"no network")
    with pytest.raises(NoWeights, match="cannot be loaded"):
        Engine(models=tmp_path)
