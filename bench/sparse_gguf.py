#!/usr/bin/env python3
"""Writes a GGUF file of 100 GB that takes a few MB on disk: a real header, then a hole.

usage: bench/sparse_gguf.py FILE

The network is a llama of 88 layers (hidden size 12,288) in Q6_K with a vocabulary of 128,256 tokens, whose token
and merge tables make the header about as large as those of files people download.
"""
import os
import struct
import sys

UINT32, INT32, FLOAT32, STRING, ARRAY = 4, 5, 6, 8, 9
F32, Q6_K = 0, 14
Q6_K_BLOCK, Q6_K_BYTES, ALIGNMENT = 256, 210, 32
LAYERS, HIDDEN, WIDTH, KV_WIDTH, VOCABULARY, MERGES = 88, 12288, 28672, 1024, 128256, 280147


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def number(kind, value):
    return struct.pack("<If" if kind == FLOAT32 else "<II", kind, value)


def texts(items):
    return struct.pack("<IIQ", ARRAY, STRING, len(items)) + b"".join(map(text, items))


def metadata():
    yield "general.architecture", struct.pack("<I", STRING) + text("llama")
    yield "general.name", struct.pack("<I", STRING) + text("a sparse llama")
    yield "general.file_type", number(UINT32, 18)
    for key, value in {
            "block_count": LAYERS, "context_length": 131072, "embedding_length": HIDDEN, "feed_forward_length": WIDTH,
            "attention.head_count": HIDDEN // 128, "attention.head_count_kv": KV_WIDTH // 128,
            "attention.key_length": 128, "attention.value_length": 128, "rope.dimension_count": 128,
            "vocab_size": VOCABULARY}.items():
        yield f"llama.{key}", number(UINT32, value)
    yield "llama.attention.layer_norm_rms_epsilon", number(FLOAT32, 1e-5)
    yield "llama.rope.freq_base", number(FLOAT32, 1e6)
    yield "tokenizer.ggml.model", struct.pack("<I", STRING) + text("gpt2")
    yield "tokenizer.ggml.tokens", texts([f"token{i}" for i in range(VOCABULARY)])
    yield "tokenizer.ggml.token_type", struct.pack(f"<IIQ{VOCABULARY}i", ARRAY, INT32, VOCABULARY, *([1] * VOCABULARY))
    yield "tokenizer.ggml.merges", texts([f"left{i % 9973} right{i}" for i in range(MERGES)])


def tensors():
    yield "token_embd.weight", (HIDDEN, VOCABULARY), Q6_K
    for layer in range(LAYERS):
        for name, shape, kind in (
                ("attn_norm", (HIDDEN,), F32), ("attn_q", (HIDDEN, HIDDEN), Q6_K), ("attn_k", (HIDDEN, KV_WIDTH), Q6_K),
                ("attn_v", (HIDDEN, KV_WIDTH), Q6_K), ("attn_output", (HIDDEN, HIDDEN), Q6_K),
                ("ffn_norm", (HIDDEN,), F32), ("ffn_gate", (HIDDEN, WIDTH), Q6_K), ("ffn_up", (HIDDEN, WIDTH), Q6_K),
                ("ffn_down", (WIDTH, HIDDEN), Q6_K)):
            yield f"blk.{layer}.{name}.weight", shape, kind
    yield "output_norm.weight", (HIDDEN,), F32
    yield "output.weight", (HIDDEN, VOCABULARY), Q6_K


def size(shape, kind):
    elements = 1
    for extent in shape:
        elements *= extent
    return elements * 4 if kind == F32 else elements // Q6_K_BLOCK * Q6_K_BYTES


def aligned(offset):
    return (offset + ALIGNMENT - 1) // ALIGNMENT * ALIGNMENT


def header():
    """The bytes before the data, and the length of the data."""
    pairs = list(metadata())
    table, offset, count = [], 0, 0
    for name, shape, kind in tensors():
        table.append(text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset))
        offset = aligned(offset + size(shape, kind))
        count += 1
    front = b"GGUF" + struct.pack("<IQQ", 3, count, len(pairs))
    return front + b"".join(text(key) + value for key, value in pairs) + b"".join(table), offset


def main(path):
    data, length = header()
    with open(path, "wb") as file:
        file.write(data)
        file.truncate(aligned(len(data)) + length)
    print(f"{path}: header {len(data) / 1e6:.1f} MB, file {os.path.getsize(path) / 1e9:.1f} GB")


if __name__ == "__main__":
    main(sys.argv[1])
