"""Pictures are kept, everything else about a file is refused or dropped."""

import io
import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from PIL import Image
from pytest_django import Settings

from wanku.files import accept
from wanku.files.accept import accept_picture
from wanku.files.models import Picture
from wanku.kernel.refusal import Refusal

NOW = datetime(2026, 5, 1, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def picture(form: str = "PNG", size: tuple[int, int] = (1200, 800), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 0).save(out, form, **options)
    return out.getvalue()


def take(data: bytes) -> Picture:
    return accept_picture(data, owner="person:7", is_public=True, now=NOW)


def stored(kept: Picture, width: int) -> Image.Image:
    with default_storage.open(kept.path(width)) as file:
        image: Image.Image = Image.open(io.BytesIO(file.read()))
        image.load()
    return image


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_allowed_form_becomes_webp_in_all_widths(form: str) -> None:
    kept = take(picture(form))
    assert kept.widths == [160, 480, 960]
    for width in kept.widths:
        image = stored(kept, width)
        assert (image.format, image.size) == ("WEBP", (width, round(width * 2 / 3)))


def test_small_pictures_are_not_blown_up() -> None:
    assert take(picture(size=(90, 60))).widths == [90]
    assert take(picture(size=(700, 70))).widths == [160, 480, 700]
    assert take(picture(size=(480, 480))).widths == [160, 480]


def test_turned_upright_and_stripped_of_what_the_camera_knew() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by 90 degrees
    exif[0x010E] = "taken at home, 31.23 N 121.47 E"
    exif.get_ifd(0x8825)[2] = (31.0, 13.0, 48.0)
    kept = take(picture("JPEG", (600, 300), exif=exif.tobytes(), comment=b"secret"))
    assert (kept.width, kept.height) == (300, 600)
    image = stored(kept, 300)
    assert not image.getexif()
    assert "exif" not in image.info
    with default_storage.open(kept.path(300)) as file:
        raw = file.read()
    assert b"taken at home" not in raw
    assert b"secret" not in raw


def test_what_is_glued_behind_a_picture_is_gone() -> None:
    kept = take(picture() + b"<script>alert(1)</script><?php system('id') ?>")
    for width in kept.widths:
        with default_storage.open(kept.path(width)) as file:
            raw = file.read()
        assert raw[:4] == b"RIFF"
        assert b"script" not in raw
        assert b"php" not in raw


def test_transparency_stays() -> None:
    kept = take(picture("PNG", mode="RGBA"))
    assert stored(kept, 160).mode == "RGBA"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "I;16", "P"])
def test_rare_modes_are_understood(mode: str) -> None:
    assert take(picture("PNG", mode=mode)).widths == [160, 480, 960]


def test_of_a_moving_picture_the_first_frame_stays() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    image = stored(take(out.getvalue()), 160)
    assert getattr(image, "n_frames", 1) == 1
    pixel = image.convert("RGB").getpixel((80, 80))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200


def test_a_photo_of_forty_megapixels_passes() -> None:
    kept = take(picture("JPEG", (7300, 5400)))
    assert kept.widths == [160, 480, 960]


def bomb(width: int, height: int) -> bytes:
    """A PNG that promises more pixels than anyone should decode."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 10_000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


HOSTILE = {
    "nothing": (b"", "picture_empty"),
    "text": (b"hello", "not_a_picture"),
    "page": (b"<html><script>alert(1)</script></html>", "not_a_picture"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "not_a_picture"),
    "pdf": (b"%PDF-1.7\n%%EOF", "not_a_picture"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "not_a_picture"),
    "program": (b"\x7fELF" + b"\0" * 200, "not_a_picture"),
    "other picture form": (picture("BMP"), "not_a_picture"),
    "tiff": (picture("TIFF"), "not_a_picture"),
    "cut short": (picture("JPEG")[:900], "not_a_picture"),
    "cut short png": (picture("PNG", (300, 300))[:-60], "not_a_picture"),
    "head only": (b"\xff\xd8\xff\xe0" + b"\0" * 50, "not_a_picture"),
    "gif head only": (b"GIF89a" + b"\xff" * 40, "not_a_picture"),
    "webp head only": (b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\xff" * 100, "not_a_picture"),
    "too many pixels": (bomb(7000, 7000), "picture_too_many_pixels"),
    "bomb": (bomb(60_000, 60_000), "not_a_picture"),
    "lying head": (bomb(3000, 3000), "not_a_picture"),
    "a thread": (picture("PNG", (1, 16_001)), "picture_too_many_pixels"),
    "too large": (b"\xff\xd8" + b"\0" * accept.BYTES_MAX, "picture_too_large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_and_leave_nothing(name: str, tmp_path: Path) -> None:
    data, code = HOSTILE[name]
    with pytest.raises(Refusal) as refused:
        take(data)
    assert refused.value.code.name == code
    assert refused.value.field == "picture"
    assert not Picture.objects.exists()
    assert not list(tmp_path.rglob("*.webp"))


def test_the_same_upload_by_the_same_owner_is_stored_once() -> None:
    data = picture()
    first = take(data)
    assert take(data) == first
    other = accept_picture(io.BytesIO(data), owner="merchant:3", is_public=True, now=NOW)
    private = accept_picture(io.BytesIO(data), owner="person:7", is_public=False, now=NOW)
    assert len({first.pk, other.pk, private.pk}) == 3
