"""An embedded PostgreSQL server under our own supervisor; see docs/decisions/0003-embedded-postgresql.md."""

from wanku.runner.postgres.cluster import Cluster, ClusterError, Settings

__all__ = ["Cluster", "ClusterError", "Settings"]
