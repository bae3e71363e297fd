from support.ledgers import postgresql_server
from support.sandbox import make_shared_site, make_site, sandbox, site

__all__ = ["make_shared_site", "make_site", "postgresql_server", "sandbox", "site"]
