import pytest

from gates.readers.paddle import Paddle


@pytest.fixture(scope="session")
def reader():
    paddle = Paddle(threads=1)
    yield paddle
    paddle.close()
