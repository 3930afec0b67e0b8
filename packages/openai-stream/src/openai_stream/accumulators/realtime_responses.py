"""Responses of Realtime sessions; what an event means is in `response_builder`."""

from openai_types import Decoder
from openai_types.realtime import RealtimeResponse

from openai_stream.accumulators.response_builder import ResponseBuilder

_decode = Decoder[RealtimeResponse](RealtimeResponse)


class RealtimeResponseAccumulator(ResponseBuilder[RealtimeResponse]):
    """A response of a Realtime session, from the events of the session.

    Those that are not about it are left aside, so it may be given all of them. Make one for each
    response: when `response.created` comes.
    """

    def __init__(self) -> None:
        super().__init__(_decode)
