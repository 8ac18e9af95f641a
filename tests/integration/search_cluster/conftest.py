import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.search.cluster import Cluster
from core.settings import Settings
from tests.cluster.nodes import Nodes, cluster_of_three
from tests.conftest import missing


@pytest.fixture(scope="session")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """Three running nodes of OpenSearch; the last test kills one of them."""
    jars = os.environ.get("OCOP_TEST_OPENSEARCH_JARS", "")
    if not jars:
        missing("opensearch", "OCOP_TEST_OPENSEARCH_JARS is not set (see make test-cluster)")
    if shutil.which("javac") is None:
        missing("opensearch", "there is no javac on the PATH")
    with cluster_of_three(Path(jars), tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture
def cluster(
    nodes: Nodes, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Cluster]:
    """The cluster with a prefix of the test's own, so that tests do not see each other's indexes."""
    from catalog.search import home

    # A busy machine takes its time; how long a visitor would wait is not what these tests are about.
    monkeypatch.setattr("catalog.search.cluster.READER_PATIENCE_SECONDS", 60.0)
    monkeypatch.setattr("catalog.search.cluster._ANSWER_WITHIN", 30.0)
    own = f"test-{abs(hash(request.node.name)):x}"
    settings = Settings(data_dir=tmp_path, search_url=f"{nodes.url}/{own}")
    made = home.search_home(settings)
    assert isinstance(made, Cluster)
    yield made
    made.drop_all()
    made.close()
    home._cluster.cache_clear()


@pytest.fixture
def settings(cluster: Cluster, nodes: Nodes, tmp_path: Path) -> Settings:
    """Settings that name the cluster."""
    prefix = cluster.prefix.rpartition("-")[0]
    return Settings(data_dir=tmp_path, search_url=f"{nodes.url}/{prefix}")
