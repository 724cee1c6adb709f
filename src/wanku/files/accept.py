"""Taking in a picture: nothing of what was uploaded is kept but its pixels."""

import hashlib
import io
import struct
import zlib
from datetime import datetime
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageCms, ImageOps

from wanku.files.models import WIDTHS, Picture
from wanku.kernel.refusal import Code, Refusal, gettext_noop

BYTES_MAX = 12 * 1024 * 1024
PIXELS_MAX = 40_000_000
# WebP ends at 16,383 pixels a side.
SIDE_MAX = 16_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
QUALITY = 82
# A phone's photo is decoded at a fraction of its size: libjpeg scales while it decodes.
DRAFT_SIDE = WIDTHS[-1] * 2

PICTURE_EMPTY = Code("picture_empty", gettext_noop("The file is empty. Choose a JPEG, PNG, WebP or GIF picture."), 422)
PICTURE_TOO_LARGE = Code(
    "picture_too_large", gettext_noop("The picture is larger than %(megabytes)s MB. Choose a smaller one."), 422
)
PICTURE_TOO_MANY_PIXELS = Code(
    "picture_too_many_pixels",
    gettext_noop("The picture has %(width)s × %(height)s pixels; at most %(megapixels)s megapixels are possible."),
    422,
)
NOT_A_PICTURE = Code(
    "not_a_picture", gettext_noop("This is not a picture that can be read. Use JPEG, PNG, WebP or GIF."), 422
)

# What Pillow's decoders raise on broken or hostile input.
_BROKEN = (
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    OSError,
    ValueError,
    TypeError,
    LookupError,
    SyntaxError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
)


def accept_picture(
    upload: BinaryIO | bytes, *, owner: str, is_public: bool, now: datetime, field: str = "picture"
) -> Picture:
    """Decode an upload, turn it upright, and store it anew as WebP in each of `WIDTHS` that it fills.

    The type is decided by content, never by name. Metadata (place, camera, thumbnails) and anything appended to
    the file are gone. Of a moving picture the first frame is kept. Call it before the transaction that uses the
    picture, since the store may lie across a network.

    Args:
        owner: who may use it, see `Picture`.
        is_public: whether everybody may see it.
        field: the form field to name in a refusal.

    Raises:
        Refusal: ``picture_empty``, ``picture_too_large``, ``picture_too_many_pixels`` or ``not_a_picture``; then
            nothing is stored.
    """
    data = _read(upload, field)
    digest = hashlib.sha256(data).digest()
    known = Picture.objects.filter(owner=owner, is_public=is_public, sha256=digest).first()
    if known is not None:
        return known
    image = _decode(data, field)
    renditions = {width: _encode(image, width) for width in _widths(image.width)}
    picture = Picture(
        owner=owner,
        is_public=is_public,
        sha256=digest,
        width=image.width,
        height=image.height,
        widths=sorted(renditions),
        bytes=sum(len(r) for r in renditions.values()),
        created_at=now,
    )
    for width, rendition in renditions.items():
        default_storage.save(picture.path(width), ContentFile(rendition))
    picture.save(force_insert=True)
    return picture


def _read(upload: BinaryIO | bytes, field: str) -> bytes:
    if not isinstance(upload, bytes):
        upload.seek(0)
        upload = upload.read(BYTES_MAX + 1)
    if not upload:
        raise Refusal(PICTURE_EMPTY, field=field)
    if len(upload) > BYTES_MAX:
        raise Refusal(PICTURE_TOO_LARGE, field=field, megabytes=BYTES_MAX // 1024 // 1024)
    return upload


def _decode(data: bytes, field: str) -> Image.Image:
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
    except _BROKEN as broken:
        raise Refusal(NOT_A_PICTURE, field=field) from broken
    width, height = image.size
    if width * height > PIXELS_MAX or max(width, height) > SIDE_MAX:
        raise Refusal(
            PICTURE_TOO_MANY_PIXELS, field=field, width=width, height=height, megapixels=PIXELS_MAX // 1_000_000
        )
    try:
        image.draft("RGB", (DRAFT_SIDE, DRAFT_SIDE))
        image.load()
        image = _in_srgb(ImageOps.exif_transpose(image))
        clear = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
        plain = image.convert("RGBA" if clear else "RGB")
    except _BROKEN as broken:
        raise Refusal(NOT_A_PICTURE, field=field) from broken
    # Whatever rides along (EXIF, XMP, colour profile) would be written again by the encoder.
    plain.info.clear()
    return plain


def _in_srgb(image: Image.Image) -> Image.Image:
    """Phones photograph in wider colour spaces; without its profile such a picture would look pale."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB")) or image
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image


def _widths(width: int) -> list[int]:
    """The widths to store: never larger than the picture, and its own where it lies between."""
    smaller = [w for w in WIDTHS if w <= width]
    return smaller if width >= WIDTHS[-1] else sorted({*smaller, width})


def _encode(image: Image.Image, width: int) -> bytes:
    height = max(1, round(image.height * width / image.width))
    scaled = image if width == image.width else image.resize((width, height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    scaled.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()
