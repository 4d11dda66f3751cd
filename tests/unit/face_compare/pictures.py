"""Pictures as a request carries them."""

import base64
import io

from PIL import Image


def encoded(picture):
    written = io.BytesIO()
    picture.convert("RGB").save(written, "JPEG", quality=90)
    return written.getvalue()


def inline(payload):
    return {"Bytes": base64.b64encode(payload).decode()}


BLANK = encoded(Image.new("RGB", (200, 200), "gray"))
