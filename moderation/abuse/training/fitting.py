"""Fitting the encoder: public comments first, then our own corpus with some public comments among it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from moderation.abuse import heads
from moderation.abuse.model_text import model_text
from moderation.abuse.training.disguises import disguised
from moderation.abuse.training.examples import Examples
from moderation.abuse.training.network import MAX_TOKENS, Encoder

log = logging.getLogger("training")

_BATCH = 32
_WARM_UP = 0.06


@dataclass(frozen=True, slots=True)
class Pace:
    """How long and how boldly to fit, and how many of the texts are disguised on the way."""

    passes: int
    body_rate: float
    answers_rate: float
    disguise: float
    seed: int


def fit(network: Encoder, tokenizer: Any, examples: Examples, pace: Pace) -> None:
    """Fit the network to the examples, in place. The same seed on the same machine gives the same weights."""
    torch.manual_seed(pace.seed)
    random = np.random.default_rng(pace.seed)
    device = next(network.parameters()).device
    body = [weight for weight in network.body.parameters() if weight.requires_grad]
    steps = pace.passes * (len(examples) // _BATCH + 1)
    optimiser = torch.optim.AdamW(
        [
            {"params": body, "lr": pace.body_rate},
            {"params": network.answers.parameters(), "lr": pace.answers_rate},
        ],
        weight_decay=0.01,
        fused=True,  # the step over all weights at once: half as long again for a pass without it
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _slope(step / steps))
    network.train()
    began, done, loss_sum = time.monotonic(), 0, 0.0
    for turn in range(pace.passes):
        for texts, answers, weights in _batches(tokenizer, examples, pace, random):
            ids, mask = _padded(texts)
            with torch.autocast(device.type, dtype=torch.bfloat16):
                logits = network(ids.to(device), mask.to(device)).float()
            loss = _loss(logits, torch.from_numpy(answers).to(device), torch.from_numpy(weights).to(device))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad(set_to_none=True)
            done, loss_sum = done + 1, loss_sum + float(loss.detach())
            if done % 200 == 0:
                speed = done * _BATCH / (time.monotonic() - began)
                log.info("pass %s step %s of %s: loss %.4f, %.0f texts/s",
                         turn + 1, done, steps, loss_sum / 200, speed)  # fmt: skip
                loss_sum = 0.0


def logits_of(network: Encoder, tokenizer: Any, texts: list[str]) -> np.ndarray:
    """Return the network's logits for each text, shape (texts, WIDTH), without dropout."""
    network.eval()
    device = next(network.parameters()).device
    found = np.zeros((len(texts), heads.WIDTH), dtype=np.float32)
    tokens = _tokens(tokenizer, [model_text(text).text for text in texts])
    order = sorted(range(len(texts)), key=lambda at: len(tokens[at]))
    with torch.no_grad():
        for first in range(0, len(order), 64):
            chosen = order[first : first + 64]
            ids, mask = _padded([tokens[at] for at in chosen])
            with torch.autocast(device.type, dtype=torch.bfloat16):
                logits = network(ids.to(device), mask.to(device))
            found[chosen] = logits.float().cpu().numpy()
    return found


def _slope(progress: float) -> float:
    """Return the share of the learning rate: up for a short while, then down to nothing."""
    return progress / _WARM_UP if progress < _WARM_UP else max(0.0, (1 - progress) / (1 - _WARM_UP))


def _batches(
    tokenizer: Any, examples: Examples, pace: Pace, random: np.random.Generator
) -> Iterator[tuple[list[list[int]], np.ndarray, np.ndarray]]:
    """Yield batches of texts of like length, in a new random order, some of them disguised."""
    hidden = random.random(len(examples)) < pace.disguise
    texts = [
        model_text(disguised(text, random) if hide else text).text
        for text, hide in zip(examples.texts, hidden, strict=True)
    ]
    tokens = _tokens(tokenizer, texts)
    order = sorted(range(len(tokens)), key=lambda at: len(tokens[at]) + random.random() * 6)
    batches = [order[first : first + _BATCH] for first in range(0, len(order), _BATCH)]
    for at in random.permutation(len(batches)):
        chosen = batches[at]
        yield [tokens[i] for i in chosen], examples.answers[chosen], examples.weights[chosen]


def _tokens(tokenizer: Any, texts: list[str]) -> list[list[int]]:
    return [found.ids[:MAX_TOKENS] for found in tokenizer.encode_batch(texts)]


def _padded(tokens: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    longest = max(len(row) for row in tokens)
    ids = torch.zeros(len(tokens), longest, dtype=torch.long)
    mask = torch.zeros(len(tokens), longest, dtype=torch.long)
    for at, row in enumerate(tokens):
        ids[at, : len(row)] = torch.tensor(row)
        mask[at, : len(row)] = 1
    return ids, mask


def _loss(logits: torch.Tensor, answers: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Return the mean loss over what is known: yes-or-no questions, and choices where one is given."""
    asked = logits[:, : heads.YES_OR_NO]
    wanted = answers[:, : heads.YES_OR_NO]
    known = (wanted >= 0).float() * weights.unsqueeze(1)
    each = functional.binary_cross_entropy_with_logits(asked, wanted.clamp(min=0), reduction="none") * known
    # Abuse and urgency weigh as much as all labels together; else the many labels drown them.
    share = torch.full((heads.YES_OR_NO,), 0.35, device=logits.device)
    share[heads.ABUSE] = share[heads.URGENT] = 2.0
    loss = (each * share).sum() / known.sum().clamp(min=1.0) * 4
    for columns, importance in zip(heads.CHOICES, (0.5, 0.5, 0.25), strict=True):
        told = (answers[:, columns].sum(1) > 0).float() * weights
        wanted = answers[:, columns].clamp(min=0)
        cost = functional.cross_entropy(logits[:, columns], wanted, reduction="none")
        loss = loss + importance * (cost * told).sum() / told.sum().clamp(min=1.0)
    return loss
