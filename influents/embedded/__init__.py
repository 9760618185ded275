"""PostgreSQL without installing PostgreSQL: a server of our own, in a data folder, shared by the processes that use it.

`start` joins the server of a folder, or brings it up; the last process to leave takes it down, even when it is killed.
Reading order: cluster (what a caller gets), locks (who may start and stop), server (one PostgreSQL), watcher
(what outlives a kill -9), place and account (where it lives, and as whom), binaries (where its programs come
from), databases.
"""

from influents.embedded.cluster import Cluster, start
from influents.embedded.errors import EmbeddedDatabaseError

__all__ = ["Cluster", "EmbeddedDatabaseError", "start"]
