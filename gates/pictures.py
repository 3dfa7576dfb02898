"""Evidence pictures: checked, stripped, re-encoded, kept under a random name."""

import hashlib
import io
import secrets
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from gates.evidence import picture_came
from gates.models import Picture

MOST_PIXELS = 25_000_000  # larger ones are refused from their header, before anything is decoded
TOO_LARGE = "This picture has too many pixels: send at most 25 million."
QUALITY = 88


class NotAPicture(ValueError):  # noqa: N818
    """The bytes are not a JPEG that can be kept; the message says why."""


class Different(Exception):  # noqa: N818
    """Another picture of this kind is kept already, and originals are never overwritten."""


def keep(passage, kind, body, now):
    """Keep a JPEG (bytes) as the passage's picture of this kind; the same bytes again are a no-op.

    Raises `NotAPicture`, or `Different` when other bytes were kept before.
    """
    digest = hashlib.sha256(body).hexdigest()
    if earlier := passage.pictures.filter(kind=kind).first():
        return _same(earlier, digest)
    image = _decoded(body)
    name = f"pictures/{secrets.token_hex(1)}/{secrets.token_hex(16)}.jpg"
    place = Path(settings.MEDIA_ROOT) / name
    _write(image, place)
    try:
        with transaction.atomic():
            kept = Picture.objects.create(
                passage=passage,
                kind=kind,
                file=name,
                sha256=digest,
                width=image.width,
                height=image.height,
                received_at=now,
            )
            picture_came(passage, now)
            return kept
    except IntegrityError:  # the same picture came on two connections at once
        place.unlink()
        return _same(passage.pictures.get(kind=kind), digest)


def _same(earlier, digest):
    if earlier.sha256 != digest:
        raise Different("Another picture of this kind is kept already; it is not replaced.")
    return earlier


def _decoded(body):
    """The picture, upright, in RGB, without metadata. Its header is checked before its pixels."""
    if not body.startswith(b"\xff\xd8\xff"):
        raise NotAPicture("This is not a JPEG: send the picture as image/jpeg.")
    try:
        with Image.open(io.BytesIO(body), formats=["JPEG"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NotAPicture(TOO_LARGE)
            return ImageOps.exif_transpose(image).convert("RGB")
    except Image.DecompressionBombError as error:
        raise NotAPicture(TOO_LARGE) from error
    except UnidentifiedImageError as error:  # its own words are of this process' memory
        raise NotAPicture("This JPEG's header cannot be read: send it again whole.") from error
    except (OSError, SyntaxError) as error:
        raise NotAPicture(f"This JPEG cannot be read ({error}): send it again whole.") from error


def _write(image, place):
    """Write to a second name first, so that a half-written picture never carries its own."""
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_suffix(".part")
    image.save(partial, "JPEG", quality=QUALITY)
    partial.replace(place)
