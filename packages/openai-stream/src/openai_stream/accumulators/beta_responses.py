"""Responses of `client.beta`, from their events; what an event means is in `response_builder`."""

from openai_types import Decoder
from openai_types.beta import BetaResponse

from openai_stream.accumulators.response_builder import ResponseBuilder

_decode = Decoder[BetaResponse](BetaResponse)


class BetaResponseAccumulator(ResponseBuilder[BetaResponse]):
    """A response of `client.beta.responses`, from the events of its stream or of a socket."""

    def __init__(self) -> None:
        super().__init__(_decode)
