"""When the database or the disk fails: what went wrong and what to do, for logs and for people."""

from __future__ import annotations

import errno

from sqlalchemy.exc import DBAPIError

_FULL = ("disk is full", "disk full", "no space left", "could not extend file", "disk i/o error", "file too large")
_BUSY = ("database is locked", "lock timeout", "deadlock")
_AWAY = ("connection refused", "could not connect", "connection failed", "server closed", "name or service not known")
_READ_ONLY = ("readonly database", "read-only", "permission denied", "unable to open database file")


def advice(error: Exception) -> str:
    """One Dutch sentence on what to do. Holds no text of a patient: only the kind of error is looked at."""
    said = str(error.orig if isinstance(error, DBAPIError) else error).lower()
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}:
        said = _FULL[0]
    if any(word in said for word in _FULL):
        return "De schijf van de database is vol. Maak ruimte: minstens 1 GB. Daarna gaat alles vanzelf verder."
    if any(word in said for word in _BUSY):
        return "De database is bezig met iets anders. Probeer het over een minuut nog eens."
    if any(word in said for word in _AWAY):
        return "De database antwoordt niet. Start hem, en kijk of het adres in RUGGESTEUN_DATABASE_URL klopt."
    if any(word in said for word in _READ_ONLY):
        return "De database is niet te schrijven. Kijk van wie de map `var` is en of de schijf alleen-lezen is."
    return f"De database geeft een fout ({type(error).__name__}). Kijk in het logboek van de database."
