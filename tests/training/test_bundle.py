import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.build import build_features
from tests.training.world import CUTOFF, a_book, bundle, histories
from training.bundle import Bundle, Scores
from training.errors import BundleError
from training.labels import TARGETS
from training.manifest import MANIFEST


def the_features() -> np.ndarray:
    return build_features(histories(), [CUTOFF], bundle().spec)[0]


@pytest.mark.parametrize("types", ['["reply"]', "[]"])
def test_saved_is_loaded_to_the_last_bit(tmp_path: Path, types: str) -> None:
    saved = bundle(types)
    loaded = Bundle.load(saved.save(tmp_path))
    features = build_features(histories(types), [CUTOFF], saved.spec)[0]
    assert loaded.version == saved.version
    for target in TARGETS:
        np.testing.assert_array_equal(
            getattr(loaded.predict(features), target), getattr(saved.predict(features), target)
        )
        for part in ("base_value", "contributions", "score"):
            ours, theirs = (getattr(b.explain(features)[target], part) for b in (saved, loaded))
            np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("types", ['["reply"]', "[]"])
def test_base_and_contributions_add_up_to_the_score_in_its_unit(types: str) -> None:
    features = build_features(histories(types), [CUTOFF], bundle(types).spec)[0]
    scores = bundle(types).predict(features)
    for target, explained in bundle(types).explain(features).items():
        assert explained.residual().max() < 1e-9
        score = getattr(scores, target)
        asked = ~np.isnan(score)
        np.testing.assert_allclose(explained.score[asked], score[asked], rtol=1e-9)


@settings(deadline=None, max_examples=25)
@given(rows=st.lists(st.integers(0, 219), min_size=1, max_size=30))
def test_a_customer_alone_gets_the_same_bytes_as_in_any_batch(rows: list[int]) -> None:
    features = the_features()
    together, scores = bundle().explain(features[rows]), bundle().predict(features[rows])
    for position, row in enumerate(rows):
        alone, one = bundle().explain(features[[row]]), bundle().predict(features[[row]])
        for target in TARGETS:
            assert together[target].contributions[position].tobytes() == alone[target].contributions[0].tobytes()
            assert together[target].score[position] == alone[target].score[0]
            assert getattr(scores, target)[position].tobytes() == getattr(one, target)[0].tobytes()


def test_a_changed_bundle_is_refused_before_its_trees_are_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = bundle().save(tmp_path)
    monkeypatch.setattr("lightgbm.Booster", lambda **_: pytest.fail("LightGBM saw an unverified file"))
    for file in sorted(folder.iterdir()):
        content = file.read_bytes()
        for damaged in (content[:-1], content + b"\n", content[:40] + bytes([content[40] ^ 4]) + content[41:]):
            file.write_bytes(damaged)
            with pytest.raises(BundleError, match=file.name):
                Bundle.load(folder)
        file.write_bytes(content)


def test_another_number_of_features_is_refused() -> None:
    with pytest.raises(BundleError, match=r"reads \d+ features a customer, got an array of shape \(1, 3\)"):
        bundle().predict(np.zeros((1, 3)))


def test_a_folder_without_a_bundle_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="python -m training fit"):
        Bundle.load(tmp_path)


def test_a_bundle_holds_no_time_no_host_and_no_path(tmp_path: Path) -> None:
    folder = bundle().save(tmp_path)
    text = b"".join(file.read_bytes() for file in folder.iterdir())
    assert str(Path.cwd()).encode() not in text
    assert (folder / MANIFEST).exists()
    shutil.rmtree(folder)
    assert bundle().save(tmp_path) == folder


def test_a_book_that_asks_another_question_is_refused() -> None:
    bundle().require_settings(a_book())
    with pytest.raises(BundleError, match="changed since its model was trained"):
        bundle().require_settings(a_book(horizon=30))


def test_the_version_is_that_of_what_was_recorded_though_the_last_bits_differ_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = bundle().save(tmp_path)
    exact = Bundle.predict

    def a_bit_off(self: Bundle, features: np.ndarray) -> Scores:
        scores = exact(self, features)
        return replace(scores, lifetime_value=np.nextafter(scores.lifetime_value, np.inf))

    monkeypatch.setattr(Bundle, "predict", a_bit_off)
    loaded = Bundle.load(folder)
    assert loaded.version == folder.name
    assert loaded.save(tmp_path) == folder


def test_a_row_without_orders_on_record_is_explained_as_it_is_predicted() -> None:
    features = the_features()[:3].copy()
    features[:, bundle().spec.names.index("orders")] = np.nan
    for target, explained in bundle().explain(features).items():
        assert explained.residual().max() < 1e-9
        score = getattr(bundle().predict(features), target)
        np.testing.assert_allclose(explained.score[~np.isnan(score)], score[~np.isnan(score)], rtol=1e-9)
