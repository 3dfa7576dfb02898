import pytest

from billing.rules.codes import canonical, grouped


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7KQ29XHM", "7KQ29XHM"),
        ("7kq2-9xhm", "7KQ29XHM"),
        (" 7kq2 9x hm ", "7KQ29XHM"),
        ("OIL00000", "01100000"),
        ("7KQ29XH", ""),  # too short
        ("7" * 27, ""),
        ("7KQ29XHU", ""),  # no code has a U
        ("7KQ29XH\0", ""),
        ("", ""),
    ],
)
def test_a_code_is_read_as_people_write_it(typed, code):
    assert canonical(typed) == code


def test_a_code_is_printed_in_groups():
    assert grouped("7KQ29XHM3") == "7KQ2-9XHM-3"
