import json
import math
import struct
from array import array
from base64 import b64decode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock.content.embeddings import (
    base64_of,
    default_dimensions,
    embedding,
    embeddings,
)
from openai_types import Decoder
from openai_types.shared import CreateEmbeddingResponse

texts = st.text() | st.lists(st.integers(0, 200_000), min_size=1)
dimensions = st.integers(1, 64) | st.sampled_from([256, 1536])


def cosine(one: str, other: str, size: int = 1536) -> float:
    return sum(a * b for a, b in zip(embedding(one, size), embedding(other, size), strict=True))


@given(texts, dimensions)
def test_vector_is_the_same_each_time_and_of_the_length_1(text: str | list[int], size: int):
    vector = embedding(text, size)
    assert vector == embedding(text, size)
    assert len(vector) == size
    assert math.hypot(*vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("size", [256, 1536, 3072])
@pytest.mark.parametrize(
    ("text", "similar", "unrelated"),
    [
        (
            "How do I reset my password?",
            "I forgot my password, how can I reset it?",
            "Best recipes for pumpkin soup",
        ),
        (
            "The cat sat on the mat.",
            "Cats sit on mats",
            "Quarterly revenue rose by nine percent.",
        ),
        ("The cat sat on the mat", "A cat is sitting on a mat", "Stock markets fell sharply today"),
        ("My dog can run", "Dogs run", "The sky was not red"),
        (
            "Install the package with pip",
            "pip cannot install packages",
            "The weather in Rome is sunny today",
        ),
        ("去年夏天我们参观了城堡", "我们参观了河边的城堡", "人工智能改变工作方式"),
        (
            "Wir verschieben die Besprechung auf nächste Woche",
            "Die Besprechung ist nächste Woche",
            "Der Garten ist schön",
        ),
        ("def parse(line): return line.split()", "parse lines and split", "openssl certificate"),
    ],
)
def test_similar_texts_are_nearer_than_unrelated_ones(
    text: str, similar: str, unrelated: str, size: int
):
    assert cosine(text, similar, size) > cosine(text, unrelated, size) + 0.2
    assert cosine(text, text, size) == pytest.approx(1, abs=1e-5)
    assert abs(cosine(text, unrelated, size)) < 0.3


def test_case_and_order_of_words_hardly_matter():
    assert cosine("Hello World", "hello world") == pytest.approx(1, abs=1e-5)
    assert cosine("red apples and green pears", "green pears and red apples") > 0.99


def test_tokens_that_are_shared_bring_lists_of_them_together():
    def nearness(one: list[int], other: list[int]) -> float:
        return sum(a * b for a, b in zip(embedding(one), embedding(other), strict=True))

    assert nearness([1, 2, 3, 4], [1, 2, 3, 5]) > 0.5 > nearness([1, 2, 3, 4], [6, 7, 8, 9])


@given(st.text(), dimensions)
def test_base64_is_the_same_numbers(text: str, size: int):
    vector = embedding(text, size)
    data = b64decode(base64_of(vector), validate=True)
    assert array("f", struct.unpack(f"<{size}f", data)) == vector


@pytest.mark.parametrize(
    ("given_", "count", "tokens"),
    [
        ("Hello world", 1, 2),
        (["Hello world", "Hi"], 2, 3),
        ([1, 2, 3], 1, 3),
        ([[1, 2, 3], [4]], 2, 4),
        ([], 0, 0),
    ],
)
def test_answer_has_a_vector_for_each_input(given_: object, count: int, tokens: int):
    answer = embeddings({"model": "text-embedding-3-small", "input": given_})
    decoded = Decoder[CreateEmbeddingResponse](CreateEmbeddingResponse, strict=True)(
        json.dumps(answer)
    )
    assert [each.index for each in decoded.data] == list(range(count))
    assert {len(each.embedding) for each in decoded.data} <= {1536}
    assert decoded.usage.prompt_tokens == decoded.usage.total_tokens == tokens
    assert decoded.model == "text-embedding-3-small"


def test_answer_has_the_dimensions_and_the_encoding_that_are_asked_for():
    request: dict[str, Any] = {"model": "text-embedding-3-large", "input": "Hi"}
    (whole,) = data(request)
    assert len(whole) == 3072 == default_dimensions("text-embedding-3-large")
    (short,) = data({**request, "dimensions": 256})
    assert short == embedding("Hi", 256).tolist()
    (encoded,) = data({**request, "dimensions": 256, "encoding_format": "base64"})
    assert list(struct.unpack("<256f", b64decode(encoded))) == short


def data(request: dict[str, Any]) -> list[Any]:  # Any: a list of numbers or a text
    answer: Any = embeddings(request)
    return [each["embedding"] for each in answer["data"]]
