"""Uploads in, checked pictures without metadata out."""

from cari_intake.images import intake, sniff

__all__ = ["intake", "sniff"]
