import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock.content.checksums import Crc


@pytest.mark.parametrize(
    ("polynomial", "bits", "check"),
    [(0x07, 8, 0xF4), (0x8005, 16, 0xFEE8), (0x04C11DB7, 32, 0x765E7680 ^ 0xFFFFFFFF)],
)
def test_checks_are_those_of_the_catalogues(polynomial: int, bits: int, check: int):
    assert Crc(polynomial, bits)(b"123456789") == check


@given(st.binary(), st.sampled_from([(0x07, 8), (0x8005, 16), (0x04C11DB7, 32)]))
def test_content_with_its_check_leaves_nothing(content: bytes, kind: tuple[int, int]):
    crc = Crc(*kind)
    assert crc(content + crc(content).to_bytes(kind[1] // 8)) == 0
