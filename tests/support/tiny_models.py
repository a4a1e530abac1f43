"""Models with random weights of a few kilobytes, in the files and folders of the real ones.

What loads them cannot tell the difference; what they say means nothing. Needs torch and transformers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

TEXT = """smooth the normals of a mesh and hide an object in the viewport while rendering
def execute(self, context): return {'FINISHED'}
class OBJECT_OT_smooth(bpy.types.Operator): bl_idname = "object.smooth"
Given a question that consists of text and code snippets, retrieve relevant answers <instruct> <query>""".splitlines()

SIZES: Mapping[str, int] = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "max_position_embeddings": 1100,
}


def tokenizer() -> Any:
    """Word pieces of the text above."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    core = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    core.normalizer = normalizers.Lowercase()
    core.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    core.train_from_iterator(TEXT, trainers.WordPieceTrainer(vocab_size=200, special_tokens=special))
    core.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        eos_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=1024,
    )


def save(folder: Path, build: Callable[[Any], Any]) -> Path:
    """A tokenizer and the model built for it, with the same weights every time."""
    import torch

    torch.manual_seed(0)
    words = tokenizer()
    words.save_pretrained(folder)
    build(words).eval().save_pretrained(folder)
    return folder


def sentence_transformer(folder: Path, prompts: Mapping[str, str] | None = None) -> Path:
    """A BERT with mean pooling."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel

    bare = save(folder / "bare", lambda words: BertModel(BertConfig(vocab_size=len(words), **SIZES)))
    transformer = Transformer(str(bare))
    model = SentenceTransformer(modules=[transformer, Pooling(SIZES["hidden_size"])], device="cpu", prompts=prompts)
    model.save(str(folder / "tiny"))
    return folder / "tiny"


def bge_m3(folder: Path) -> Path:
    """An XLM-RoBERTa with the two extra layers that make it bge-m3."""
    import torch
    from transformers import XLMRobertaConfig, XLMRobertaModel

    made = save(folder / "bge-m3", lambda words: XLMRobertaModel(XLMRobertaConfig(vocab_size=len(words), **SIZES)))
    for name, width in (("sparse_linear", 1), ("colbert_linear", SIZES["hidden_size"])):
        torch.save(torch.nn.Linear(SIZES["hidden_size"], width).state_dict(), made / f"{name}.pt")
    return made


def bge_code(folder: Path) -> Path:
    """A Qwen2, as bge-code-v1 is one."""
    from transformers import Qwen2Config, Qwen2Model

    return save(
        folder / "bge-code-v1",
        lambda words: Qwen2Model(Qwen2Config(vocab_size=len(words), num_key_value_heads=2, **SIZES)),
    )


def cross_encoder(folder: Path) -> Path:
    """A BERT that gives a pair one number."""
    from transformers import BertConfig, BertForSequenceClassification

    return save(
        folder / "tiny-cross-encoder",
        lambda words: BertForSequenceClassification(BertConfig(vocab_size=len(words), num_labels=1, **SIZES)),
    )


def bge_reranker(folder: Path) -> Path:
    """An XLM-RoBERTa that gives a pair one number, as bge-reranker-v2-m3 is one."""
    from transformers import XLMRobertaConfig, XLMRobertaForSequenceClassification

    return save(
        folder / "bge-reranker-v2-m3",
        lambda words: XLMRobertaForSequenceClassification(
            XLMRobertaConfig(vocab_size=len(words), num_labels=1, **SIZES)
        ),
    )
