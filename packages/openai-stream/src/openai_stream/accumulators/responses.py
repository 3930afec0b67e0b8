"""Responses, from their events; what an event means is in `response_builder`."""

from openai_types import Decoder
from openai_types.responses import Response

from openai_stream.accumulators.response_builder import ResponseBuilder

_decode = Decoder[Response](Response)


class ResponseAccumulator(ResponseBuilder[Response]):
    """A response, from the events of its stream or of a socket of the Responses API."""

    def __init__(self) -> None:
        super().__init__(_decode)
