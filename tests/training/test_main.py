import cv2
import pytest

from training.__main__ import FEWEST_FONTS, main, need_fonts


@pytest.mark.parametrize("many", [0, 12, FEWEST_FONTS - 1])
def test_too_few_fonts_end_with_what_to_install(many):
    with pytest.raises(SystemExit) as end:
        need_fonts(["font"] * many)
    assert end.value.code == (
        f"{many} plate-like fonts are installed, the weights need 30 or more: "
        "sudo apt install $(cat training/fonts.txt)"
    )


def test_enough_fonts_are_enough():
    assert need_fonts(["font"] * FEWEST_FONTS) is None


def test_a_sheet_is_written(tmp_path):
    main(["sheet", str(tmp_path / "sheet.png")])
    assert cv2.imread(str(tmp_path / "sheet.png")).shape == (16 * 70, 6 * 198, 3)


@pytest.mark.parametrize("name", ["sheet.txt", "not-there/sheet.png"])
def test_a_sheet_that_cannot_be_written_says_so(tmp_path, name):
    with pytest.raises(SystemExit, match="cannot be written"):
        main(["sheet", str(tmp_path / name)])
