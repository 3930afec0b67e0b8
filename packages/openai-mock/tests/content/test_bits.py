from hypothesis import given
from hypothesis import strategies as st
from openai_mock.content.bits import BitWriter

numbers = st.lists(
    st.integers(0, 40).flatmap(lambda bits: st.tuples(st.integers(0, 2**bits - 1), st.just(bits)))
)


@given(numbers)
def test_bits_are_written_one_after_the_other(given_: list[tuple[int, int]]):
    bits = BitWriter()
    text = ""
    for number, count in given_:
        bits.write(number, count)
        text += f"{number:b}".zfill(count) if count else ""
    assert bits.length == len(text)
    written = bits.to_bytes()
    assert "".join(f"{byte:08b}" for byte in written) == text.ljust(8 * len(written), "0")
    assert len(written) == -(-len(text) // 8)


@given(numbers)
def test_lowest_bit_may_come_first(given_: list[tuple[int, int]]):
    bits = BitWriter(lowest_first=True)
    value = place = 0
    for number, count in given_:
        bits.write(number, count)
        value |= number << place
        place += count
    assert bits.to_bytes() == value.to_bytes(-(-place // 8), "little")


def test_golomb_codes_have_as_many_zeros_as_bits_after_the_first():
    bits = BitWriter()
    for number in range(5):
        bits.write_golomb(number)
    assert bits.length == 1 + 3 + 3 + 5 + 5
    assert bits.to_bytes() == bytes([0b1010_0110, 0b0100_0010, 0b1000_0000])


def test_byte_is_filled():
    bits = BitWriter()
    bits.align(1)
    assert bits.to_bytes() == b""
    bits.write(0, 3)
    bits.align(1)
    assert bits.to_bytes() == bytes([0b0001_1111])
