"""Videos: from queued to in_progress and completed, with bytes that can be played.

A video takes three steps and shows one colour, which its prompt decides; nothing is made before it
is downloaded. It can be downloaded for a day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.content import media
from openai_mock.described.resources import made
from openai_mock.files.stored_files import DAY
from openai_mock.posting.outbox import announce
from openai_mock.refusals import Refusal, wrong_state
from openai_mock.replies import BytesReply, JsonReply
from openai_mock.routing.registry import handles
from openai_mock.state.items import Item, add, changed, item_of, named
from openai_mock.work.jobs import later, step

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.state.store import Document
    from openai_mock.world import World

VIDEOS, CHARACTERS = "videos", "videos/characters"
_USUAL = {"model": "sora-2", "seconds": "4", "size": media.USUAL_VIDEO_SIZE}
# What can be downloaded besides the video, with the form of the image.
_IMAGES = {"thumbnail": "webp", "spritesheet": "jpeg"}
_PROGRESS = {"queued": 0, "in_progress": 50}


@handles("videos.create")
def create(call: Call, world: World) -> Reply:
    """Begin a video."""
    return _begun(call, world, {**_USUAL, **call.body})


@handles("videos.remix")
def remix(call: Call, world: World) -> Reply:
    """Begin a video like another one, with another prompt."""
    source = _completed(item_of(call, world))
    return _begun(call, world, {**_like(source), "prompt": call.body["prompt"]})


@handles("videos.edit")
def edit(call: Call, world: World) -> Reply:
    """Begin a video that changes another one: of this server, or an uploaded one."""
    return _begun(call, world, {**_like(_source(call, world)), "prompt": call.body["prompt"]})


@handles("videos.extend")
def extend(call: Call, world: World) -> Reply:
    """Begin a video that goes on after another one; it is as long as both together."""
    source = _source(call, world)
    values = _like(source)
    longer = int(call.body["seconds"]) + (int(source.document["seconds"]) if source else 0)
    return _begun(call, world, {**values, "prompt": call.body["prompt"], "seconds": str(longer)})


@handles("videos.download_content")
def content(call: Call, world: World) -> Reply:
    """The bytes of a completed video, or an image of it."""
    video = _completed(item_of(call, world)).document
    expires_at = video.get("expires_at")
    if expires_at is not None and world.clock.now() >= expires_at:
        raise Refusal(
            f"The video '{call.path['video_id']}' can no longer be downloaded. Download it within "
            "a day, or make it again.",
            code="video_expired",
            status=404,
        )
    prompt = str(video.get("prompt") or "")
    form = _IMAGES.get(call.query.get("variant") or "video")
    if form:
        image = media.image(prompt, video["size"], form)
        return BytesReply(image, media.IMAGE_TYPES[form])
    return BytesReply(media.mp4(prompt, video["size"], float(video["seconds"])), "video/mp4")


@handles("videos.create_character")
def create_character(call: Call, world: World) -> Reply:
    """Keep a character; only its name is."""
    document = {**made(call, world, call.body), "id": world.ids.new("char_")}
    return JsonReply(add(world, CHARACTERS, document).document)


def _begun(call: Call, world: World, values: Document) -> Reply:
    nothing = dict.fromkeys(("completed_at", "error", "expires_at", "remixed_from_video_id"))
    document = made(call, world, {**nothing, **values, "status": "queued", "progress": 0})
    video = add(world, VIDEOS, document)
    later(world, "videos.proceed", video)
    return JsonReply(video.document)


def _like(source: Item | None) -> Document:
    """What a video takes over from the one that it is made of."""
    if source is None:
        return {**_USUAL}
    same = {name: source.document[name] for name in _USUAL}
    return {**same, "remixed_from_video_id": source.key}


def _source(call: Call, world: World) -> Item | None:
    """The video of this server that a call is about; None if one was uploaded."""
    if "video" in call.files:
        return None
    return _completed(named(world, VIDEOS, call.body["video"]["id"], "video", "video.id"))


def _completed(video: Item) -> Item:
    status = video.document["status"]
    if status != "completed":
        remedy = "Wait until it is completed; retrieve it to see how far it is."
        raise wrong_state("video", video.key, status, remedy)
    return video


@step("videos.proceed")
def _proceed(world: World, video: Item, at: float) -> None:
    if video.document["progress"] < max(_PROGRESS.values()):
        progress = _PROGRESS[video.document["status"]]
        video = changed(world, video, status="in_progress", progress=progress)
        later(world, "videos.proceed", video, since=at)
        return
    done = {"completed_at": int(at), "expires_at": int(at) + DAY}
    changed(world, video, status="completed", progress=100, **done)
    announce(world, "video.completed", video.key, at)
