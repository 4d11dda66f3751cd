"""Uploads in, checked pictures without metadata out."""

from cari_intake.images import intake

__all__ = ["intake"]
