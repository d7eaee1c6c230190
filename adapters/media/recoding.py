"""One pass of the encoder over a clip, as planned."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from adapters.media.footage import made, opened
from bot.trouble import MediaUnplayable

if TYPE_CHECKING:
    from av import AudioStream, Packet, VideoFrame, VideoStream
    from av.container import OutputContainer
    from av.stream import Stream

_THREADS = 4
"""Of the encoder. With more than one, and a limit on the peaks, the same clip gives not quite the same bytes."""

_PEAK, _BUFFER_SECONDS = 1.5, 2
"""How far the rate may rise above the average, over how long."""

_TOLERANCE = 0.1
"""How far the encoder may leave the average for a while; with its own tolerance of one it ends up to a fifth off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a clip consists of."""

    width: int
    height: int
    seconds: float
    pictures: int
    picture_size: int
    """Bytes."""
    sounds: int
    """Packets; none in a silent clip."""
    sound_size: int
    """Bytes."""

    @property
    def pictures_a_second(self) -> float:
        return self.pictures / self.seconds

    @property
    def picture_rate(self) -> float:
        """Bits a second."""
        return self.picture_size * 8 / self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    width: int
    height: int
    rate: int
    """Bits a second of the picture."""
    sound_rate: int | None
    """Bits a second; `None` leaves the sound as it is."""


def survey(clip: Path) -> Source:
    """Reads the whole file and decodes nothing."""
    with opened(clip) as footage:
        video, audio = footage.streams.video[0], footage.streams.audio[:1]
        if any(stream.codec_context is None for stream in audio):
            raise MediaUnplayable("an MP4 with a sound that nothing can decode")
        pictures: list[int] = []
        sounds: list[int] = []
        end = Fraction(0)
        for packet in footage.demux(video, *audio):
            if packet.size:
                (pictures if packet.stream_index == video.index else sounds).append(packet.size)
                end = max(end, ((packet.pts or 0) + (packet.duration or 0)) * packet.time_base)
        width, height = video.width, video.height
    if not pictures or not end or not width * height:
        raise MediaUnplayable("an MP4 without length or without a picture")
    return Source(
        width=width,
        height=height,
        seconds=float(end),
        pictures=len(pictures),
        picture_size=sum(pictures),
        sounds=len(sounds),
        sound_size=sum(sounds),
    )


class _Track(Protocol):
    """One stream of the clip on its way into one of the result."""

    def take(self, packet: "Packet[Stream]") -> "list[Packet[Stream]]": ...

    def finish(self) -> "list[Packet[Stream]]": ...


def recode(clip: Path, target: Path, plan: Plan) -> None:
    with opened(clip) as footage, made(target) as result:
        video = footage.streams.video[0]
        tracks: dict[int, _Track] = {video.index: _Picture(video, result, plan)}
        for audio in footage.streams.audio[:1]:
            tracks[audio.index] = (
                _SameSound(audio, result) if plan.sound_rate is None else _LowerSound(audio, result, plan.sound_rate)
            )
        for packet in footage.demux(list(tracks)):
            if packet.size:  # an empty one marks the end, and does not say of which stream
                result.mux(tracks[packet.stream_index].take(packet))
        for track in tracks.values():
            result.mux(track.finish())


class _Picture:
    def __init__(self, video: "VideoStream", result: "OutputContainer", plan: Plan) -> None:
        from av.video.reformatter import VideoReformatter  # noqa: PLC0415 - a large library, which few processes need

        video.thread_type = "AUTO"
        self._video = video
        self._scaler = VideoReformatter()  # one for all; a frame's own would be made anew each time
        self._plan = plan
        self._stream = result.add_stream("libx264", rate=video.average_rate, options=_options(plan.rate))
        self._stream.width, self._stream.height, self._stream.pix_fmt = plan.width, plan.height, "yuv420p"
        self._stream.bit_rate = plan.rate
        if video.time_base:
            self._stream.codec_context.time_base = video.time_base
        if video.sample_aspect_ratio:
            self._stream.codec_context.sample_aspect_ratio = video.sample_aspect_ratio
        self._described = False

    def take(self, packet: "Packet[Stream]") -> "list[Packet[Stream]]":
        return [encoded for frame in self._video.decode(packet) for encoded in self._encoded(frame)]

    def finish(self) -> "list[Packet[Stream]]":
        rest = [encoded for frame in self._video.decode() for encoded in self._encoded(frame)]
        return rest + self._stream.encode()

    def _encoded(self, frame: "VideoFrame") -> "list[Packet[Stream]]":
        picture = self._scaler.reformat(frame, self._plan.width, self._plan.height, "yuv420p")
        picture.pict_type = 0  # else the encoder repeats the clip's own choice of key frames
        if not self._described:
            self._describe(frame, picture)
        return self._stream.encode(picture)

    def _describe(self, frame: "VideoFrame", picture: "VideoFrame") -> None:
        """Only the first frame knows how it is turned and what its colours mean."""
        context = self._stream.codec_context
        context.color_range, context.colorspace = picture.color_range, picture.colorspace
        context.color_primaries, context.color_trc = picture.color_primaries, picture.color_trc
        if frame.rotation:
            self._stream.set_display_rotation(frame.rotation)
        self._described = True


def _options(rate: int) -> dict[str, str]:
    return {
        "preset": "veryfast",
        "threads": str(_THREADS),
        "maxrate": str(int(rate * _PEAK)),
        "bufsize": str(rate * _BUFFER_SECONDS),
        # The preset's finer search, of 2, takes a fifth more time and makes the same picture no better.
        "x264-params": f"ratetol={_TOLERANCE}:subme=1",
    }


class _SameSound:
    def __init__(self, audio: "AudioStream", result: "OutputContainer") -> None:
        self._stream = result.add_stream_from_template(audio)

    def take(self, packet: "Packet[Stream]") -> "list[Packet[Stream]]":
        packet.stream = self._stream
        return [packet]

    def finish(self) -> "list[Packet[Stream]]":
        return []


class _LowerSound:
    def __init__(self, audio: "AudioStream", result: "OutputContainer", rate: int) -> None:
        self._audio = audio
        self._stream = result.add_stream("aac", rate=44_100, layout="mono", bit_rate=rate)

    def take(self, packet: "Packet[Stream]") -> "list[Packet[Stream]]":
        return [encoded for frame in self._audio.decode(packet) for encoded in self._stream.encode(frame)]

    def finish(self) -> "list[Packet[Stream]]":
        rest = [encoded for frame in self._audio.decode() for encoded in self._stream.encode(frame)]
        return rest + self._stream.encode()
