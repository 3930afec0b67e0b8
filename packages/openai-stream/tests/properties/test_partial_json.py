"""JSON cut anywhere, and fed in any pieces, against the standard parser."""

import functools
import itertools
import json
import re

from hypothesis import given
from hypothesis import strategies as st
from openai_stream.parsing.partial_json import Completed, PartialJSON, PartialMode, parse_partial
from pydantic import JsonValue

NOTHING = "nothing is known"
# Half surrogate pairs are made as escapes, which is how they come.
texts = st.text(alphabet=st.characters() | st.sampled_from('"\\/\n\u2028é😀')).map(
    lambda text: text.encode(errors="replace").decode()
)
halves = st.sampled_from(["\ud83d", "\ude00", "\ud83d\ud83d\ude00", "a\ud83d", "\ud83db"])
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
    | halves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A document as some server might write it: any spacing, escaped or not."""
    value = draw(values)
    indent = draw(st.sampled_from([None, 0, 2]))
    text = json.dumps(value, indent=indent, ensure_ascii=draw(st.booleans()))
    # A half that is not escaped cannot be sent; escaped it can.
    return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", text)


def standard(text: str) -> JsonValue:
    """What the standard parser makes of it, without halves of surrogate pairs."""
    return whole(json.loads(text))


def whole(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    if isinstance(value, list):
        return [whole(each) for each in value]
    if isinstance(value, dict):
        return {str(whole(key)): whole(each) for key, each in value.items()}
    return value


def cut(text: str, cuts: list[int]) -> list[str]:
    edges = sorted({0, len(text), *(each for each in cuts if each < len(text))})
    return [text[a:b] for a, b in itertools.pairwise(edges)]


def is_beginning(partial: JsonValue, final: JsonValue) -> bool:
    """Whether nothing in a value is untrue: leaves are equal, strings begin so, the rest lacks."""
    if isinstance(partial, dict) and isinstance(final, dict):
        return all(k in final and is_beginning(v, final[k]) for k, v in partial.items())
    if isinstance(partial, list) and isinstance(final, list):
        return len(partial) <= len(final) and all(map(is_beginning, partial, final))
    if isinstance(partial, str) and isinstance(final, str):
        return final.startswith(partial)
    return type(partial) is type(final) and partial == final


def inside(value: JsonValue, step: str | int) -> JsonValue:
    if isinstance(value, dict):
        return value[str(step)]
    assert isinstance(value, list)
    return value[int(step)]


def leaves(value: JsonValue) -> int:
    if value == NOTHING:
        return 0
    if isinstance(value, dict | list):
        inside = value.values() if isinstance(value, dict) else value
        return 1 + sum(map(leaves, inside))
    return 1


@given(documents())
def test_a_whole_document_is_what_the_standard_parser_reads(text: str):
    parser = PartialJSON()
    parser.feed(text)
    parser.finish()
    assert parser.error is None
    assert parser.complete
    assert repr(parser.value()) == repr(standard(text))


@given(documents())
def test_every_cut_gives_only_what_is_true_and_never_less_than_before(text: str):
    final, data = standard(text), text.encode()
    known: dict[PartialMode, int] = {"on": 0, "trailing-strings": 0}
    for end in range(len(data) + 1):
        for mode, before in known.items():
            value = parse_partial(data[:end], mode, default=NOTHING)
            assert value == NOTHING or is_beginning(value, final)
            known[mode] = leaves(value)
            assert known[mode] >= before


@given(documents())
def test_a_cut_in_mode_all_has_what_is_certain_in_the_same_places(text: str):
    for end in range(len(text) + 1):
        certain = parse_partial(text[:end], "on", default=NOTHING)
        every = parse_partial(text[:end], "all", default=NOTHING)
        assert certain == NOTHING or is_beginning(certain, every)


@given(documents(), st.lists(st.integers(0, 200)))
def test_any_pieces_complete_the_same_values_at_the_same_paths(text: str, cuts: list[int]):
    def completed(pieces: list[str]) -> list[Completed]:
        parser = PartialJSON()
        found = [each for piece in pieces for each in parser.feed(piece)]
        return found + parser.finish()

    assert repr(completed(cut(text, cuts))) == repr(completed([text]))


@given(documents())
def test_every_value_is_completed_once_with_its_path(text: str):
    final = standard(text)
    parser = PartialJSON()
    completed = [*parser.feed(text), *parser.finish()]
    for path, value in completed:
        assert repr(functools.reduce(inside, path, final)) == repr(value)
    assert len({path for path, _ in completed}) == len(completed) == leaves(final)


@given(st.text(alphabet='{}[]",:\\u0019.eE-+ truefalsn\ud83d\ude00\n'))
def test_what_is_refused_is_what_the_standard_parser_refuses(text: str):
    parser = PartialJSON()
    parser.feed(text)
    parser.finish()
    try:
        json.loads(text, parse_constant=refuse)
    except ValueError:
        assert parser.error is not None
    else:
        assert parser.error is None


def refuse(name: str) -> None:
    raise ValueError(name)
