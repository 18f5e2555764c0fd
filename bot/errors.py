"""Errors that a caller sees: a code for programs and a Dutch sentence for people."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """Becomes `{"error": {"code", "message"}}` with `status`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message

    def body(self) -> dict[str, Any]:
        return {"error": {"code": self.code, "message": self.message}}


def not_json() -> ApiError:
    return ApiError(400, "not_json", "Dit bericht kon ik niet lezen. Laad de pagina opnieuw en probeer het nog eens.")


def wrong_type() -> ApiError:
    return ApiError(415, "wrong_content_type", "Dit soort bericht kan ik niet lezen. Typ je vraag in gewone tekst.")


def invalid() -> ApiError:
    return ApiError(422, "invalid", "Dit bericht kon ik niet lezen. Typ je vraag in gewone woorden.")


def empty() -> ApiError:
    return ApiError(422, "empty", "Je bericht is leeg. Typ je vraag in gewone woorden.")


def too_long(limit: int) -> ApiError:
    return ApiError(422, "too_long", f"Je bericht is te lang. Maak het korter dan {limit} tekens.")


def too_large() -> ApiError:
    return ApiError(413, "too_large", "Dit bericht is te groot. Maak het korter.")


def unknown_button() -> ApiError:
    return ApiError(422, "unknown_button", "Deze knop ken ik niet meer. Typ je vraag in gewone woorden.")


def unknown_practice() -> ApiError:
    return ApiError(404, "unknown_practice", "Deze praktijk ken ik niet. Kijk of het adres klopt.")


def unknown_conversation() -> ApiError:
    return ApiError(404, "unknown_conversation", "Dit gesprek is er niet meer. Begin gerust een nieuw gesprek.")


def not_allowed() -> ApiError:
    return ApiError(401, "bad_token", "Dit gesprek kan ik niet openen. Begin gerust een nieuw gesprek.")


def too_fast() -> ApiError:
    return ApiError(429, "too_fast", "Je stuurt veel berichten achter elkaar. Wacht een minuutje. Spoed? Bel 112.")


def unknown_message() -> ApiError:
    return ApiError(404, "unknown_message", "Dit antwoord ken ik niet meer. Stel je vraag gerust opnieuw.")


def consent_needed(message: str) -> ApiError:
    return ApiError(409, "consent_needed", message)


def not_found() -> ApiError:
    return ApiError(404, "not_found", "Deze pagina is er niet.")
