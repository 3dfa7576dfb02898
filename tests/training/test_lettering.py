import numpy as np
import pytest

from training.fonts import plate_like, print_mask
from training.lettering import Lettering, fonts_for


@pytest.mark.parametrize("many", [0, 1, 4, 30, 88])
def test_fonts_for_evaluation_are_never_in_training(many):
    training, kept = fonts_for(range(many), held_out=False), fonts_for(range(many), held_out=True)
    assert set(training) & set(kept) == set()
    assert sorted(training + kept) == list(range(many))


def test_without_fonts_all_letters_are_of_our_dies():
    lettering, chance = Lettering(np.random.default_rng(1), files=()), np.random.default_rng(2)
    assert [lettering.any(chance) in lettering.dies for _ in range(20)] == [True] * 20


def test_small_print_needs_no_font_of_the_system():
    lettering = Lettering(np.random.default_rng(1), files=())
    mask = lettering.print("Sunshine State", style=2)
    assert mask.max() == 255
    assert mask.shape[1] > 4 * mask.shape[0]
    assert mask is print_mask("Sunshine State", None)


def test_a_file_that_is_no_font_is_left_out(tmp_path):
    torn = tmp_path / "Torn-Bold.ttf"
    torn.write_bytes(b"not a font")
    assert Lettering(np.random.default_rng(1), files=[str(torn)]).fonts == []


@pytest.mark.parametrize(
    ("file", "suits"),
    [
        ("/usr/share/fonts/DejaVuSans-Bold.ttf", True),
        ("/usr/share/fonts/Open_Sans_Condensed.otf", True),
        ("/usr/share/fonts/DejaVuSans.ttf", False),
        ("/usr/share/fonts/DejaVuSans-BoldOblique.ttf", False),
        ("/usr/share/fonts/DejaVuSansMono-Bold.ttf", False),
        ("/usr/share/fonts/ComicNeue-Bold.ttf", False),
        ("/usr/share/fonts/Roboto-Bold.pfb", False),
    ],
)
def test_upright_plain_and_heavy_fonts_could_stand_on_a_plate(file, suits):
    assert plate_like(file) is suits
