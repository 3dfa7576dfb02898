"""Learning: the general recogniser is trained to read drawn plates and nothing else."""

import time

import torch
from torch import nn

from gates.readers.weights import PLATE_LETTERS
from training.batches import Drawn

BATCH = 48
BODY_RATE, HEAD_RATE = 2.5e-4, 1e-3
HEAD_ALONE = 0.03  # share of the training in which the body is left as it is
WARM_UP, COOL_DOWN = 0.03, 0.3  # shares in which the rate rises and falls
LONGEST_GRADIENT = 5.0
TOLD_EVERY, KEPT_EVERY = 25, 200  # steps
CLASS = {character: number for number, character in enumerate(PLATE_LETTERS, 1)}


class Learning:
    """Trains `network` on `plates` drawn ones; `tell(done, loss, per_second)` hears how it goes."""

    def __init__(self, network, plates, seed, threads, tell):
        torch.manual_seed(seed)
        torch.set_num_threads(threads)
        self.network, self.tell = network, tell
        self.plates, self.seed, self.done = plates, seed, 0
        self.drawn = Drawn(BATCH, seed)
        self._body = network.body()
        self._optimiser = torch.optim.AdamW(
            [
                {"params": self._body, "rate": BODY_RATE},
                {"params": network.head(), "rate": HEAD_RATE},
            ],
            weight_decay=0.01,
        )
        self._mean = {name: weight.detach().clone() for name, weight in network.named_weights()}

    @property
    def steps(self):
        return self.plates // BATCH

    def run(self, keep):
        """Train to the end; `keep(state)` is called now and then with all that is needed to go on.

        Returns the network with the mean of its weights.
        """
        rows = torch.utils.data.DataLoader(
            _Rows(self.drawn, self.steps, self.done),
            batch_size=None,
            num_workers=1,
            prefetch_factor=8,
        )
        began, first, losses = time.monotonic(), self.done, []
        for crops, labels, lengths in rows:
            losses.append(self._step(crops, labels, lengths))
            if self.done % TOLD_EVERY == 0:
                pace = (self.done - first) * BATCH / (time.monotonic() - began)
                self.tell(self.done * BATCH, sum(losses) / len(losses), pace)
                losses = []
            if self.done % KEPT_EVERY == 0:
                keep(self.state())
        self._put(self._mean)
        return self.network

    def state(self):
        """All that `resume` needs to go on from here."""
        weights = {name: weight.detach().clone() for name, weight in self.network.named_weights()}
        return {
            "run": (self.plates, self.seed),
            "done": self.done,
            "weights": weights,
            "mean": self._mean,
            "optimiser": self._optimiser.state_dict(),
        }

    def resume(self, state):
        """Go on from a state of the same run. Raises `ValueError` where it is of another one."""
        if tuple(state["run"]) != (self.plates, self.seed):
            plates, seed = state["run"]
            raise ValueError(f"another run's state: --plates {plates} --seed {seed}")
        self.done, self._mean = state["done"], state["mean"]
        self._put(state["weights"])
        self._optimiser.load_state_dict(state["optimiser"])

    @torch.no_grad()
    def _put(self, weights):
        for name, weight in self.network.named_weights():
            weight.copy_(weights[name])

    def _step(self, crops, labels, lengths):
        self._set_rates(self.done / self.steps)
        loss = self._loss(crops, labels, lengths)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        learnt = [weight for group in self._optimiser.param_groups for weight in group["params"]]
        nn.utils.clip_grad_norm_(learnt, LONGEST_GRADIENT)
        self._optimiser.step()
        self.done += 1
        self._average()
        return loss.item()

    def _set_rates(self, share):
        # The new head would pull the body out of shape while it knows nothing.
        for weight in self._body:
            weight.requires_grad_(share >= HEAD_ALONE)
        for group in self._optimiser.param_groups:
            group["lr"] = group["rate"] * _pace(share)

    def _loss(self, crops, labels, lengths):
        with torch.autocast("cpu", torch.bfloat16):
            logits = self.network(crops.contiguous(memory_format=torch.channels_last))
        steps = logits.float().log_softmax(-1).permute(1, 0, 2)
        times = torch.full((len(crops),), len(steps))
        return nn.functional.ctc_loss(steps, labels, times, lengths, zero_infinity=True)

    @torch.no_grad()
    def _average(self):
        """The mean of all weights since the body began to learn.

        On drawn plates the last weights read a little better. On photographs, which are less like
        drawn plates than these are like each other, the mean over a long way did.
        """
        share = 1 / max(1.0, self.done - HEAD_ALONE * self.steps)
        for name, weight in self.network.named_weights():
            self._mean[name].lerp_(weight, share)


class _Rows(torch.utils.data.Dataset):
    """What `drawn` has from batch `first` to `last`: crops, labels in a row, label lengths."""

    def __init__(self, drawn, last, first):
        self.drawn, self.last, self.first = drawn, last, first

    def __len__(self):
        return self.last - self.first

    def __getitem__(self, number):
        crops, texts = self.drawn[self.first + number]
        planes = torch.from_numpy(crops).permute(0, 3, 1, 2).float() / 127.5 - 1
        labels = [CLASS[character] for text in texts for character in text]
        return planes, torch.tensor(labels), torch.tensor([len(text) for text in texts])


def _pace(share):
    """How much of the full rate is used: all for the head, then it rises, stays and falls."""
    if share < HEAD_ALONE:
        return 1.0
    if share < HEAD_ALONE + WARM_UP:
        return (share - HEAD_ALONE) / WARM_UP + 0.02
    return min(1.0, max(0.01, (1 - share) / COOL_DOWN))
